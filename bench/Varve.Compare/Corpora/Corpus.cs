using Varve.Compare.Measure;
using Varve.Compare.Run;

namespace Varve.Compare.Corpora;

/// <summary>A tree to back up, made in the work folder and removed when it has been measured.</summary>
internal abstract class Corpus
{
    // Longer than the granularity of any filesystem's timestamps, so that no tool has to treat a file as racy.
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(3);

    private readonly Dictionary<int, List<string>> _chosen = [];
    private DateTimeOffset _lastChange;

    /// <summary>Short name, as in --corpora.</summary>
    public required string Key { get; init; }

    /// <summary>The folder that is backed up. Nothing else is in its parent.</summary>
    public required string Root { get; init; }

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }

    /// <summary>What is measured on it.</summary>
    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>Free bytes it takes to measure it: the tree, a restored copy and one repository, roughly.</summary>
    public required long NeededBytes { get; init; }

    /// <summary>What it holds, once created.</summary>
    public TreeSize Size { get; private set; }

    /// <summary>Makes the tree.</summary>
    public void Create(CommandRunner runner)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root)!);
        Write(runner);
        Size = Measure();
        Touched();
    }

    /// <summary>Changes the tree as a row asks; the changes are undone by <see cref="Changes.Undo"/>.</summary>
    public Changes Change(Row row)
    {
        Touched();
        return row == Row.ChangedThousand ? ChangeFiles(1000) : ChangePercent();
    }

    /// <summary>Notes that the tree was changed just now.</summary>
    public void Touched() => _lastChange = TimeProvider.System.GetUtcNow();

    /// <summary>Waits until the last change is safely in the past.</summary>
    public void Settle()
    {
        TimeSpan wait = _lastChange + _settling - TimeProvider.System.GetUtcNow();
        if (wait > TimeSpan.Zero) { Thread.Sleep(wait); }
    }

    /// <summary>What it holds many of.</summary>
    public virtual string Unit => "files";

    /// <summary>Counts what was made.</summary>
    protected virtual TreeSize Measure() => TreeSize.Of(Root);

    /// <summary>Makes the tree at <see cref="Root"/>.</summary>
    protected abstract void Write(CommandRunner runner);

    /// <summary>Rewrites 1 % of the files.</summary>
    protected virtual Changes ChangePercent() => ChangeFiles((int)Math.Max(1, Size.Files / 100));

    private Changes ChangeFiles(int count)
    {
        if (!_chosen.TryGetValue(count, out List<string>? files)) { _chosen[count] = files = Choose(count); }
        var changes = new Changes();
        for (int i = 0; i < files.Count; i++) { changes.Rewrite(files[i], (ulong)i); }
        return changes;
    }

    // Evenly over the tree, always the same.
    private List<string> Choose(int count)
    {
        List<string> all = TreeSize.FilesWithContent(Root);
        count = Math.Min(count, all.Count);
        return Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)]).ToList();
    }
}
