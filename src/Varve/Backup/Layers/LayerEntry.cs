using Varve.Backup.Sources;
using Varve.Model;

namespace Varve.Backup.Layers;

/// <summary>What one root has under a name of a merged directory.</summary>
internal sealed class LayerEntry(LayerPart part, EntryStat stat, SourceRoot? place)
{
    /// <summary>The entry's stat; that of what is mounted there, if anything is.</summary>
    internal readonly EntryStat Stat = stat;

    /// <summary>The root's part of the directory.</summary>
    internal LayerPart Part { get; } = part;

    /// <summary>The place that begins here: of what is mounted, or, for a part on the way, of the root; else null.</summary>
    internal SourceRoot? Place { get; } = place;

    internal bool IsDirectory => Stat.Kind == EntryKind.Directory;

    /// <summary>
    /// Which of several entries of one name is taken. The newest by mtime, the first of equals; but a directory that a root is laid into
    /// stays one, and its metadata come from a root that really has it, if one does.
    /// </summary>
    internal static LayerEntry Choose(IReadOnlyList<LayerEntry> entries)
    {
        bool directory = entries.Any(static e => e.Part.IsOnTheWay);
        bool real = entries.Any(static e => e.IsDirectory && !e.Part.IsOnTheWay);
        LayerEntry? best = null;
        foreach (LayerEntry entry in entries)
        {
            if ((directory && !entry.IsDirectory) || (directory && real && entry.Part.IsOnTheWay)) { continue; }
            if (best is null || entry.Stat.Mtime > best.Stat.Mtime) { best = entry; }
        }

        return best!;
    }
}
