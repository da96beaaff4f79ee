using Varve.Model;
using Varve.Platform;

namespace Varve.Restore.Target;

/// <summary>
/// A large or sparse file while it is written. <see cref="WriteAt"/> is thread-safe; <see cref="Finish"/>, <see cref="Abandon"/> and
/// Dispose are called by one thread after the last write. What is never written stays a hole. Dispose without Finish leaves the partial
/// file, mode 0600.
/// </summary>
internal sealed class RestoredFile : IDisposable
{
    private readonly MetadataSetter _metadata;
    private readonly TargetDirectory _directory;
    private readonly byte[] _name;
    private readonly SafeFd _file;

    // 1 for whoever will dispose it, and 1 for each write under way; the last one closes. A closed descriptor's number may already be
    // another file's.
    private int _users = 1;
    private int _disposed, _closeError;

    internal RestoredFile(MetadataSetter metadata, TargetDirectory directory, byte[] name, long size, SafeFd file, TargetFileId id)
    {
        directory.AddReference();
        _metadata = metadata;
        _directory = directory;
        _name = name;
        _file = file;
        Size = size;
        Id = id;
    }

    /// <summary>Bytes.</summary>
    public long Size { get; }

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

    /// <summary>Sets the metadata and closes the file; it is disposed then.</summary>
    /// <exception cref="VarveException">Storage: no space left, told only by close.</exception>
    public RestoreOutcome Finish(in EntryStat stat, EntryDetails? details = null)
    {
        RestoreOutcome outcome = _metadata.ApplyToNew(new MetadataSubject(_file.Value), _directory, modeIsSet: false, stat, details);
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return outcome; }
        Unuse();
        try
        {
            // Some network file systems tell only now that a write failed.
            return _closeError == 0 ? outcome : RestoreOutcome.NotWritten(_closeError, _directory, _name);
        }
        finally { _directory.Release(); }
    }

    /// <summary>Removes the file that could not be completed, and disposes it.</summary>
    public void Abandon()
    {
        if (_directory.Pin(out TargetPin pin) == 0)
        {
            using (pin)
            {
                // Only the file we made: another may have taken its name.
                if (Posix.StatAt(pin.Descriptor, _name, out EntryStat now) == 0 && new TargetFileId(now.Device, now.Inode) == Id)
                {
                    Posix.UnlinkAt(pin.Descriptor, _name);
                }
            }
        }

        Dispose();
    }

    /// <summary>Closes the file and gives back the reference to its directory.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return; }
        Unuse();
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
