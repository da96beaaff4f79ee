namespace Varve.Model.Snapshots;

/// <summary>That a snapshot is not to be forgotten, as the last note says that counts.</summary>
/// <param name="Until">When that ends; null: it does not.</param>
/// <param name="At">When it was said.</param>
/// <param name="By">Who said it.</param>
/// <param name="Why">Why, in somebody's words; empty if that was not said, or the key does not read it.</param>
internal sealed record SnapshotPin(FileTime? Until, FileTime At, WriterIdentity By, string Why)
{
    /// <summary>Whether it still holds.</summary>
    internal bool HoldsAt(FileTime now) => Until is not { } end || end > now;
}
