using Varve.Model;
using Varve.Platform;
using Varve.Restore.Target;

namespace Varve.Restore.Entries;

/// <summary>
/// A large or sparse file while it is written: without a name, or with a temporary one, until it is whole. <see cref="WriteAt"/> is
/// thread-safe; <see cref="Finish"/> and Dispose are called by one thread after the last write. What is never written stays a hole. Dispose
/// without Finish leaves nothing.
/// </summary>
internal sealed class RestoredFile : IDisposable
{
    private readonly FileWriter _writer;
    private readonly TargetDirectory _directory;
    private readonly byte[] _name;
    private readonly byte[]? _temporary;
    private readonly SafeFd _file;

    // 1 for whoever will dispose it, and 1 for each write under way; the last one closes. A closed descriptor's number may already be
    // another file's.
    private int _users = 1;
    private int _disposed, _closeError;

    internal RestoredFile(FileWriter writer, TargetDirectory directory, byte[] name, byte[]? temporary, long size, SafeFd file,
        TargetFileId id)
    {
        directory.AddReference();
        _writer = writer;
        _directory = directory;
        _name = name;
        _temporary = temporary;
        _file = file;
        Size = size;
        Id = id;
    }

    /// <summary>Bytes.</summary>
    public long Size { get; }

    /// <summary>It takes the place of what has its name.</summary>
    public bool Replaces { get; init; }

    /// <summary>It is the file that was there, and is written where it stands.</summary>
    public bool IsThere { get; init; }

    /// <summary>The file that was there, if what is written is copied into it in the end: it has other names, which are to stay.</summary>
    public SafeFd Into { get; init; }

    /// <summary>Which file it is, whatever may take its name.</summary>
    public TargetFileId Id { get; }

    /// <summary>Writes content at its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie within the file.</exception>
    /// <exception cref="VarveException">Storage: no space left.</exception>
    public RestoreOutcome WriteAt(ReadOnlySpan<byte> content, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size - content.Length);
        Use();
        int error = Posix.WriteAllAt(_file.Value, content, offset);
        Unuse();
        return error == 0 ? RestoreOutcome.Done : RestoreOutcome.NotWritten(error, _directory, _name);
    }

    /// <summary>
    /// Begins with the content of another file of the same file system, without copying it: true if that can be. Before anything is
    /// written.
    /// </summary>
    public bool Clone(SafeFd from)
    {
        if (Posix.Clone(_file.Value, from.Value) == 0 && Posix.SetLength(_file.Value, Size) == 0) { return true; }
        // Holes again, whatever came of it.
        _ = Posix.SetLength(_file.Value, 0);
        _ = Posix.SetLength(_file.Value, Size);
        return false;
    }

    /// <summary>Takes a part from another file, at its place. 0 or an error number.</summary>
    public int CopyFrom(SafeFd from, long offset, long length) => FileCopy.Range(from, _file, offset, length);

    /// <summary>Makes a part zeros.</summary>
    public int Clear(long offset, long length)
    {
        int error = Posix.PunchHole(_file.Value, offset, length);
        return error is Errno.ENOTSUP or Errno.ENOSYS or Errno.EPERM ? FileCopy.Zero(_file, offset, length) : error;
    }

    /// <summary>Sets the metadata, gives the file its name and closes it; it is disposed then.</summary>
    /// <exception cref="VarveException">Storage: no space left, told perhaps only by close.</exception>
    public RestoreOutcome Finish(in EntryStat stat, EntryDetails? details = null)
    {
        MetadataLosses.At(_directory, _name);
        if (IsThere || Into.IsOpen) { return FinishThere(in stat, details); }
        RestoreOutcome outcome = _writer.Metadata.ApplyToNew(new MetadataSubject(_file.Value), _directory, modeIsSet: false, stat, details);
        int error = Publish();
        if (error == 0) { _writer.Metadata.AddFlags(_file.Value, details); }
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return outcome; }
        Unuse();
        try
        {
            if (error != 0 && _temporary is not null) { _directory.Remove(_temporary, Id); }

            // Some network file systems tell only now that a write failed.
            if (error == 0 && _closeError != 0)
            {
                error = _closeError;
                _directory.Remove(_name, Id);
            }

            return error == 0 ? outcome with { Id = Id } : RestoreOutcome.NotWritten(error, _directory, _name);
        }
        finally { Leave(); }
    }

    /// <summary>Gives up the file, and the reference to its directory.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return; }
        if (_temporary is not null) { _directory.Remove(_temporary, Id); }
        Into.Close();
        Unuse();
        Leave();
    }

    /// <summary>What was there stays the file that it is: only content and metadata come.</summary>
    private RestoreOutcome FinishThere(in EntryStat stat, EntryDetails? details)
    {
        int error = Into.IsOpen ? FileCopy.Whole(_file, Into, Size) : 0;
        int there = Into.IsOpen ? Into.Value : _file.Value;
        TargetFileId id = Posix.Stat(there, out EntryStat now) == 0 ? TargetFileId.Of(in now) : default;
        RestoreOutcome outcome = error != 0 ? RestoreOutcome.Done
            : _writer.Adjuster!.Adjust(_directory, _name, id, in stat, details);
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return outcome; }
        if (_temporary is not null) { _directory.Remove(_temporary, Id); }
        Unuse();
        Into.Close();
        try
        {
            if (error == 0) { error = _closeError; }
            return error == 0 ? outcome with { Id = id, Created = true } : RestoreOutcome.NotWritten(error, _directory, _name);
        }
        finally { Leave(); }
    }

    private int Publish()
    {
        int error = _directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0) { return error; }
            if (Replaces) { return Replace(pin.Descriptor); }
            return _temporary is null ? Posix.LinkHeld(_file.Value, pin.Descriptor, _name)
                : TemporaryName.Publish(pin.Descriptor, _temporary, _name);
        }
    }

    private int Replace(int directory)
    {
        byte[]? temporary = _temporary;
        int error = 0;
        if (temporary is null)
        {
            temporary = new byte[TemporaryName.Length];
            TemporaryName.Of(_writer.Number, _name, temporary);
            error = Posix.LinkHeld(_file.Value, directory, temporary);
            if (error == Errno.EEXIST)
            {
                // An earlier run was cut off here.
                error = Posix.UnlinkAt(directory, temporary);
                if (error == 0) { error = Posix.LinkHeld(_file.Value, directory, temporary); }
            }
        }

        if (error == 0) { error = TemporaryName.Publish(directory, temporary, _name, replaces: true); }
        if (error != 0 && _temporary is null) { _ = Posix.UnlinkAt(directory, temporary); }
        return error;
    }

    private void Leave()
    {
        _writer.Forget(this);
        _directory.Release();
    }

    private void Use()
    {
        int users = Volatile.Read(ref _users);
        while (true)
        {
            ObjectDisposedException.ThrowIf(users == 0, this);
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users) { return; }
            users = seen;
        }
    }

    private void Unuse()
    {
        if (Interlocked.Decrement(ref _users) == 0) { _closeError = _file.Close(); }
    }
}
