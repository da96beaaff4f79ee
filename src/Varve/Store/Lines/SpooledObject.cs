using Microsoft.Win32.SafeHandles;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Store.Lines;

/// <summary>
/// An object that waits for its name in a file without one of its own, which nobody else can open and which no crash leaves behind; then it
/// is sent from there, as often as that takes.
/// </summary>
internal sealed class SpooledObject : IStagedObject
{
    private readonly Func<string, SafeFileHandle, long, bool> _put;
    private readonly SafeFileHandle _file;
    private long _length;

    /// <summary>Begins one.</summary>
    /// <param name="directory">For this user alone; made if missing.</param>
    /// <param name="put">Stores so many bytes of the file under a key, as <see cref="IStore.Put"/> does; the file is not closed.</param>
    internal SpooledObject(string directory, Func<string, SafeFileHandle, long, bool> put)
    {
        _put = put;
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
        return _put(key, _file, _length);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
