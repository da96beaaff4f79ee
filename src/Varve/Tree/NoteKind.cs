namespace Varve.Tree;

/// <summary>What a note says. The numbers are the format's (docs/format.md, 9.1).</summary>
internal enum NoteKind
{
    /// <summary>The history of another lineage, or some snapshots, belong to that of the note's.</summary>
    Adoption = 1,
    /// <summary>The lineage is called otherwise from then on.</summary>
    Naming = 2,
    /// <summary>Snapshots were forgotten: that they are missing is as it should be.</summary>
    Forgetting = 3,
    /// <summary>Somebody knows that snapshots are missing.</summary>
    Acknowledgement = 4,
    /// <summary>Snapshots are not to be forgotten.</summary>
    Pin = 5,
    /// <summary>Snapshots get tags, or lose some.</summary>
    Tags = 6,
    /// <summary>Notes are taken back.</summary>
    Withdrawal = 7,
}
