using System.Globalization;
using Varve.Backup.Run;
using Varve.Model;

namespace Varve.Backup.Layers;

/// <summary>
/// Notes which of several roots' entries was taken for a name. Bounded: the first are named, all are counted. Used by one thread.
/// </summary>
internal sealed class LayerConflicts(RunTally tally)
{
    private const int Named = 50;
    private long _count, _alike;

    /// <summary>Most likely the same file, in a snapshot and live.</summary>
    internal static bool AreAlike(LayerEntry loser, LayerEntry winner) =>
        loser.Stat.Kind == winner.Stat.Kind && loser.Stat.Size == winner.Stat.Size && loser.Stat.Mtime == winner.Stat.Mtime;

    /// <summary>An entry is alike in two roots, and was taken from one.</summary>
    internal void AddAlike() => _alike++;

    /// <summary>
    /// <paramref name="loser"/>'s entry of that path was left out for <paramref name="winner"/>'s, from which it differs.
    /// </summary>
    internal void Add(DirectoryNode node, ReadOnlySpan<byte> name, LayerEntry loser, LayerEntry winner)
    {
        if (_count++ >= Named) { return; }
        byte[] path = node.Path(name);
        string reason = winner.Part.IsOnTheWay ? "a root is laid there"
            : winner.Stat.Mtime > loser.Stat.Mtime ? "is newer"
            : AreAlike(loser, winner) ? "is as new and as large, has other content, and comes first" : "is as new and comes first";
        string other = winner.Part.IsOnTheWay ? reason : $"{In(winner, path)} {reason}";
        tally.Note(new Notice(Subject.None, $"left out {In(loser, path)}: {other}"));
    }

    /// <summary>The last notes: how many there were.</summary>
    internal void Finish()
    {
        if (_count > Named)
        {
            Note(string.Create(CultureInfo.InvariantCulture,
                $"{_count} entries were left out because another root has newer ones; the first {Named} are named"));
        }
        if (_alike > 0)
        {
            Note(string.Create(CultureInfo.InvariantCulture, $"{_alike} entries are alike in several roots and were taken from one"));
        }
    }

    private void Note(string what) => tally.Note(new Notice(Subject.None, what));

    private static string In(LayerEntry entry, byte[] path)
    {
        byte[] prefix = entry.Part.Layer.Prefix;
        ReadOnlySpan<byte> below = prefix.Length == 0 ? path : path.AsSpan(Math.Min(path.Length, prefix.Length + 1));
        return PathText.Of(Freeze.Paths.Join(entry.Part.Layer.LivePath, below));
    }
}
