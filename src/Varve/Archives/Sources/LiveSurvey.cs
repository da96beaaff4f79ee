using System.Collections.Concurrent;
using System.Text;
using Varve.Backup;
using Varve.Backup.Live;
using Varve.Freeze;
using Varve.Model;

namespace Varve.Archives.Sources;

/// <summary>Lists a live tree as a backup would walk it, and keeps the listings. Called by all threads of the walk.</summary>
internal sealed class LiveSurvey : ILiveSink
{
    private readonly ArchiveRoot _root;

    // Directories whose turn has not come, by path: a byte is a character. At the end those that are not entered.
    private readonly ConcurrentDictionary<string, ArchiveNode> _waiting = new(StringComparer.Ordinal);

    private LiveSurvey(ArchiveRoot root)
    {
        _root = root;
        _waiting[Key(root.Path)] = root.Node!;
    }

    /// <summary>
    /// Lists all that lies below the roots of a tree that are directories. <paramref name="own"/>: directories that are left out, and why.
    /// </summary>
    /// <exception cref="VarveException">Usage: a rule makes no sense. NotFound: a root is gone.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static void Run(ArchiveTree tree, BackupOptions options, IReadOnlyList<(string Path, string What)> own, int threads,
        TimeProvider time, CancellationToken cancelled)
    {
        foreach (ArchiveRoot root in tree.Roots)
        {
            if (root.Node is null) { continue; }
            var survey = new LiveSurvey(root);
            (IReadOnlyList<Failure> failures, _) =
                LiveRunner.Walk(options with { RootPath = root.Path }, own, survey, threads, time, cancelled);
            foreach (Failure failure in failures) { tree.Fail(root, failure); }
            survey.DropUnentered();
        }
    }

    /// <inheritdoc/>
    public void Directory(int worker, ReadOnlySpan<byte> directory, EntryTable listing)
    {
        if (directory.IsEmpty || !_waiting.TryRemove(Key(directory), out ArchiveNode? node)) { return; }
        // A table of its own: those of the walk are as long as the longest directory was.
        var kept = new EntryTable();
        for (int i = 0; i < listing.Count; i++)
        {
            ReadOnlySpan<byte> name = listing.Name(i);
            kept.Add(name, in listing.Stat(i));
            if (listing.Stat(i).Kind != EntryKind.Directory) { continue; }
            var child = new ArchiveNode(node, name.ToArray());
            node.Children.Add((i, child));
            _waiting[Key(Paths.Join(directory, name))] = child;
        }

        node.Listing = kept;
    }

    /// <inheritdoc/>
    public void Failed(int worker, ReadOnlySpan<byte> directory)
    {
        if (!_waiting.TryRemove(Key(directory), out ArchiveNode? node)) { return; }
        node.Listing = new EntryTable();
        node.IsUnlisted = true;
    }

    private static string Key(ReadOnlySpan<byte> path) => Encoding.Latin1.GetString(path);

    /// <summary>Those on other file systems are empty in an archive.</summary>
    private void DropUnentered()
    {
        foreach (ArchiveNode node in _waiting.Values) { node.Parent?.Children.RemoveAll(child => child.Node == node); }
        if (_root.Node!.Listing is null) { throw new InvalidOperationException("The root was not listed."); }
    }
}
