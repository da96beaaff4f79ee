using Varve.Backup.Run;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Changes;

namespace Varve.Backup.Dry;

/// <summary>Counts what a run would make of a directory, without making it.</summary>
internal readonly struct DrySink(DryWalk walk, DirectoryNode node) : IMergeSink
{
    /// <inheritdoc/>
    public void New(int now)
    {
        if (!IsDirectory(now)) { walk.Tally.New++; }
        Tell(EntryChange.New, now);
        walk.Read(in node.Listing.Stat(now));
    }

    /// <inheritdoc/>
    public void Differs(int now, int known, Change change)
    {
        if (IsDirectory(now)) { return; }
        bool isContent = change == Change.Changed;
        if (isContent) { walk.Tally.Changed++; } else { walk.Tally.MetadataOnly++; }
        Tell(isContent ? EntryChange.Changed : EntryChange.Metadata, now);
        if (isContent) { walk.Read(in node.Listing.Stat(now)); }
    }

    /// <inheritdoc/>
    public void Unchanged(int now, int known)
    {
        if (!IsDirectory(now)) { walk.Tally.Unchanged++; }
        if (walk.Rules.Force || walk.Rules.IsDistrusted(node, node.Listing.Name(now), known)) { walk.Read(in node.Listing.Stat(now)); }
    }

    /// <inheritdoc/>
    public void Gone(int known)
    {
        if (!node.MayHave(node.Known!.Name(known))) { walk.Gone(node, known); }
    }

    private bool IsDirectory(int now) => node.Listing.Stat(now).Kind == EntryKind.Directory;

    private void Tell(EntryChange change, int now) =>
        walk.Tally.Tell(change, node, node.Listing.Name(now), node.Listing.Stat(now).Kind);
}
