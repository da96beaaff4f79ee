using Varve.Model;

namespace Varve.Freeze;

/// <summary>
/// Removes file system snapshots of ours, those that killed runs left behind too. Only what has a record whose maker is gone (its lock is
/// free), only by the name in that record, and only if that is a name we give: nothing of anyone else's, and nothing that a running backup
/// reads. Stateless.
/// </summary>
internal static class Leftovers
{
    /// <summary>
    /// Looks for records in <paramref name="folder"/>, which need not exist, and removes what they tell of, by programs that
    /// <paramref name="tool"/> runs.
    /// </summary>
    public static void Clean(string folder, Tool tool, Action<Notice> warn, Action<Notice> note)
    {
        foreach (RecordFile record in RecordFile.Abandoned(folder))
        {
            IFreezer? provider = record.Record is null ? null
                : FrozenVolumes.All(tool).FirstOrDefault(p => p.Method == record.Record.Method);
            Remove(record, provider, warn, note, isLeft: true);
        }
    }

    /// <summary>Removes one snapshot and then its record; with an error the record stays.</summary>
    internal static void Remove(RecordFile record, IFreezer? provider, Action<Notice> warn, Action<Notice> note, bool isLeft = false)
    {
        try
        {
            if (record.Record is not null && provider!.Remove(record.Record) is { } remark) { warn(remark); }
            if (isLeft && record.Record is { } left)
            {
                note(new Notice(Subject.Volume($"{left.Name} of {left.Volume}"),
                    "is removed: a snapshot of a file system which a backup that was killed had left"));
            }
        }
        catch (VarveException e)
        {
            warn(Notice.Of(e, $"its record is {record.Location}"));
            record.Leave();
            return;
        }

        record.Remove();
    }
}
