using Varve.Model;

namespace Varve.Catalog;

internal sealed partial class CatalogWriter
{
    /// <summary>
    /// Puts a file on its source's list of unstable files, or leaves it there: together with the revision that was not read stably. <paramref name="start"/> and
    /// <paramref name="number"/> are those of the running snapshot.
    /// </summary>
    public void PutUnstable(long directory, ReadOnlySpan<byte> name, UnstableReason reason, FileTime start, long number)
    {
        Demand();
        _unstable.Put(directory, name, reason, start, number);
    }

    /// <summary>Takes a file off the list, together with the revision that a stable read of it gave, or because it is no more. Nothing if it is not on it.</summary>
    public void RemoveUnstable(long directory, ReadOnlySpan<byte> name)
    {
        Demand();
        _unstable.Remove(directory, name);
    }

    /// <summary>Takes files off the list that are no more; but not those that snapshot <paramref name="number"/> put there, or left there: they are back.</summary>
    public void RemoveUnstable(IReadOnlyList<UnstableRow> gone, long number) => InTransaction(() =>
    {
        foreach (UnstableRow row in gone) { _unstable.Remove(row.Directory, row.Name, unlessOf: number); }
    });
}
