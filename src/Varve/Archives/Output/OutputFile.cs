using System.Security.Cryptography;
using System.Text;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Archives.Output;

/// <summary>
/// An archive while it is written: a file with a temporary name, which is removed unless it is published. What is written is gathered
/// first. Not thread-safe.
/// </summary>
internal sealed class OutputFile : Stream
{
    /// <summary>What temporary names begin with.</summary>
    internal const string Prefix = ".varve-archive-";

    private const int BufferLength = 1 << 20;

    private readonly int _directory;
    private readonly string _place;
    private readonly byte[] _temporary;
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength);
    private SafeFd _file;
    private long _flushed;
    private int _held;
    private bool _isPublished;

    private OutputFile(int directory, string place, byte[] temporary, SafeFd file) =>
        (_directory, _place, _temporary, _file) = (directory, place, temporary, file);

    /// <summary>Creates one in a directory that is open; <paramref name="place"/> is what messages call that.</summary>
    /// <exception cref="VarveException">Storage: it cannot be made.</exception>
    internal static OutputFile Create(int directory, string place)
    {
        byte[] name = Encoding.ASCII.GetBytes(Prefix + RandomNumberGenerator.GetHexString(16, lowercase: true));
        int errno = DurableFile.CreateLocked(directory, name, Modes.PrivateFile | 0x24, out SafeFd file);
        return errno == 0 ? new OutputFile(directory, place, name, file) : throw Failed(place, errno);
    }

    /// <inheritdoc/>
    public override long Position
    {
        get => _flushed + _held;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override long Length => Position;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > _buffer.Length - _held) { Flush(); }
        if (buffer.Length >= _buffer.Length)
        {
            Put(buffer, _flushed);
            _flushed += buffer.Length;
            return;
        }

        buffer.CopyTo(_buffer.AsSpan(_held));
        _held += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Writes over what was written before.</summary>
    internal void Patch(long position, ReadOnlySpan<byte> bytes)
    {
        Flush();
        Put(bytes, position);
    }

    /// <summary>Takes back what was written from there on.</summary>
    internal void Rewind(long position)
    {
        Flush();
        int errno = Posix.SetLength(_file.Value, position);
        if (errno != 0) { throw Failed(_place, errno); }
        _flushed = position;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        if (_held == 0) { return; }
        Put(_buffer.AsSpan(0, _held), _flushed);
        _flushed += _held;
        _held = 0;
    }

    /// <summary>Makes what was written durable, still under its temporary name. Nothing is written after that.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal void Sync()
    {
        Flush();
        int errno = Posix.Sync(_file.Value);
        if (errno != 0) { throw Failed(_place, errno); }
        _buffer = []; // there may be many volumes
    }

    /// <summary>Gives it its name, which nothing may have yet; the directory is to be synced after that.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal void Publish(byte[] name)
    {
        int errno = DurableFile.Publish(_directory, _temporary, _directory, name, replace: false);
        if (errno != 0) { throw Failed(_place + "/" + Model.PathText.Of(name), errno); }
        _isPublished = true;
        _file.Close();
        _file = default;
    }

    /// <summary>Takes back the name that it was given: what belongs to it could not be.</summary>
    internal void Retract(byte[] name)
    {
        if (_isPublished) { Posix.UnlinkAt(_directory, name); }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isPublished && _file.IsOpen)
        {
            Posix.UnlinkAt(_directory, _temporary);
            _file.Close();
            _file = default;
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Put(ReadOnlySpan<byte> bytes, long position)
    {
        int errno = Posix.WriteAllAt(_file.Value, bytes, position);
        if (errno != 0) { throw Failed(_place, errno); }
    }

    private static VarveException Failed(string place, int errno) => new(ErrorKind.Storage, Subject.Path(place),
        $"cannot be written to: {Errno.Message(errno)}", errno is Errno.ENOSPC or Errno.EDQUOT ? Advice.FreeTarget : Advice.CheckDirectory);
}
