using System.Net;
using Microsoft.Win32.SafeHandles;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Store.Remote;

/// <summary>
/// An object that waits for its name in a file without one of its own, which nobody else can open and which no crash leaves behind; then it
/// is sent from there, as often as that takes.
/// </summary>
internal sealed class SpooledObject : IStagedObject
{
    private const int Piece = 128 << 10;

    private readonly RemoteStore _store;
    private readonly SafeFileHandle _file;
    private long _length;

    /// <summary>Begins one in a directory for this user alone.</summary>
    internal SpooledObject(RemoteStore store, string directory)
    {
        _store = store;
        using PrivateDirectory spool = PrivateDirectory.Open(directory, Subject.Spool(directory), Advice.ChooseCache);
        int errno = Reflink.OpenNameless(spool.Fd, out SafeFd file);
        if (errno != 0)
        {
            byte[] name = System.Text.Encoding.ASCII.GetBytes($"upload-{Guid.NewGuid():N}"); // where all files have names
            errno = Posix.OpenAt(spool.Fd, name, Posix.O_CREAT | Posix.O_EXCL | Posix.O_RDWR, Modes.PrivateFile, out file);
            if (errno == 0) { Posix.UnlinkAt(spool.Fd, name); }
        }

        if (errno != 0)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Spool(directory), $"cannot be written: {Errno.Message(errno)}",
                Advice.ChooseCache);
        }

        _file = new SafeFileHandle(file.Value, ownsHandle: true);
    }

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try { RandomAccess.Write(_file, bytes, _length); }
        catch (IOException e)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Spool(""), $"cannot be written: {e.Message}", Advice.ChooseCache, e);
        }

        _length += bytes.Length;
    }

    /// <inheritdoc/>
    public bool Commit(string key)
    {
        StoreKey.Check(key);
        return _store.Put(key, () => new Content(_file, _length), replace: false, bytes: null);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private sealed class Content(SafeFileHandle file, long length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var buffer = new byte[Piece];
            for (long at = 0; at < length;)
            {
                int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(Piece, length - at)), at);
                if (read == 0) { throw new IOException("the spooled object is cut short"); }
                await stream.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
                at += read;
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
