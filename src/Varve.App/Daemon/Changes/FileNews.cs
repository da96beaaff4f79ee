namespace Varve.App.Daemon.Changes;

/// <summary>What events told of a file, or of anything else that is no directory.</summary>
internal sealed class FileNews
{
    private readonly List<byte[]> _directories = [];

    /// <summary>
    /// No directory was named for each of the names that it has: it has lost one, or got one, or was reached by none.
    /// </summary>
    internal bool IsAlone { get; set; }

    /// <summary>
    /// Directories by whose names it was changed. If it has no name any more, that tells nothing: whatever took its name away has told of
    /// the directory by itself. So a file that never had one, as a run makes to ask what time it is, is no news.
    /// </summary>
    internal IReadOnlyList<byte[]> Directories => _directories;

    /// <summary>One more of them.</summary>
    internal void Add(ReadOnlySpan<byte> directory)
    {
        foreach (byte[] known in _directories)
        {
            if (directory.SequenceEqual(known)) { return; }
        }

        _directories.Add(directory.ToArray());
    }
}
