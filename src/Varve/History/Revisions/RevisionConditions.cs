using System.Text;
using System.Text.RegularExpressions;
using Varve.Catalog.Rows;

namespace Varve.History.Revisions;

/// <summary>What a revision has to be, beside its name, to be found. What is null is not asked. Immutable, thread-safe.</summary>
internal sealed record RevisionConditions
{
    /// <summary>Matches somewhere in the path, as UTF-8.</summary>
    internal Regex? Path { get; init; }

    /// <summary>At least so many bytes, of a file or symlink.</summary>
    internal long? Least { get; init; }

    /// <summary>At most so many.</summary>
    internal long? Most { get; init; }

    /// <summary>Modified then or later.</summary>
    internal FileTime? Newer { get; init; }

    /// <summary>Modified then or earlier.</summary>
    internal FileTime? Older { get; init; }

    /// <summary>One of these kinds.</summary>
    internal IReadOnlyList<EntryKind>? Kinds { get; init; }

    /// <summary>Owned by that number.</summary>
    internal uint? Owner { get; init; }

    /// <summary>In a snapshot that began then or later.</summary>
    internal FileTime? Since { get; init; }

    /// <summary>In a snapshot that began then or earlier.</summary>
    internal FileTime? Until { get; init; }

    /// <summary>A file with the same content as this one, an absolute path.</summary>
    internal byte[]? SameAs { get; init; }

    /// <summary>Only the last revision of what the latest snapshot of its source has no more, under that name.</summary>
    internal bool IsDeleted { get; init; }

    /// <summary>Whether a revision is what is asked for, but for the snapshots that have it.</summary>
    internal bool Fits(in MatchedRevision revision)
    {
        bool hasSize = Least is null && Most is null
            || revision.Stat.Kind is EntryKind.File or EntryKind.Symlink && revision.Stat.Size >= (Least ?? 0)
            && revision.Stat.Size <= (Most ?? long.MaxValue);
        return hasSize && (Newer is not { } newer || revision.Stat.Mtime >= newer)
            && (Older is not { } older || revision.Stat.Mtime <= older)
            && (Kinds is null || Kinds.Contains(revision.Stat.Kind)) && (Owner is not { } owner || revision.Stat.Uid == owner)
            && (Path is null || Path.IsMatch(Encoding.UTF8.GetString(revision.Path)));
    }

    /// <summary>Whether a snapshot has it that is asked for.</summary>
    internal bool Fits(FoundRevision found) =>
        (Since is not { } since || found.LastTime >= since) && (Until is not { } until || found.FirstTime <= until);
}
