using Varve.Platform.Watching;

namespace Varve.App.Daemon.Changes;

/// <summary>
/// What events told since they were looked at last, as handles: nothing is looked up for an event, so that a busy file system costs
/// little. Used under its owner's lock.
/// </summary>
internal sealed class NewEvents : IEventSink
{
    /// <summary>So many handles at most; beyond it is cheaper to look at everything.</summary>
    internal const int Most = 200_000;

    private readonly HashSet<byte[]> _directories = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], FileNews> _files = new(BytesComparer.Instance);

    /// <summary>Directories in which something happened, or to which.</summary>
    internal IReadOnlyCollection<byte[]> Directories => _directories;

    /// <summary>What is no directory and something happened to.</summary>
    internal IReadOnlyDictionary<byte[], FileNews> Files => _files;

    /// <summary>Whether something was not told, or is too much.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Whether there is nothing.</summary>
    internal bool IsEmpty => _directories.Count + _files.Count == 0 && !IsOver;

    /// <summary>The kernel's events cannot be read.</summary>
    internal void Fail() => IsOver = true;

    /// <inheritdoc/>
    public void Happened(FileEvents events, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> target)
    {
        if ((events & (FileEvents.Overflow | FileEvents.FileSystemError)) != 0 || directory.Length + target.Length == 0) { IsOver = true; }
        if (IsOver) { return; }
        bool isDirectory = (events & FileEvents.OnDirectory) != 0, isFile = !isDirectory && target.Length > 0;
        bool isOfNames = (events & FileEvents.Names) != 0;
        if (directory.IsEmpty && isDirectory) { Add(target); }
        else if (directory.Length > 0 && (isOfNames || !isFile)) { Add(directory); }
        if (isFile)
        {
            Dictionary<byte[], FileNews>.AlternateLookup<ReadOnlySpan<byte>> files = _files.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (!files.TryGetValue(target, out FileNews? news)) { files[target] = news = new FileNews(); }
            news.IsAlone |= directory.IsEmpty || (events & FileEvents.Delete) != 0;
            if (directory.Length > 0 && !isOfNames) { news.Add(directory); }
        }

        IsOver |= _directories.Count + _files.Count > Most;
    }

    /// <summary>All of it was looked at.</summary>
    internal void Clear()
    {
        _directories.Clear();
        _files.Clear();
        IsOver = false;
    }

    private void Add(ReadOnlySpan<byte> handle) => _directories.GetAlternateLookup<ReadOnlySpan<byte>>().Add(handle);
}
