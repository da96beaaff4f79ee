using System.Text;
using Varve.Model;

namespace Varve.Freeze;

/// <summary>
/// Snapshots of ZFS datasets, read through the directory <c>.zfs/snapshot</c> that every mounted dataset has. Datasets nested in one are
/// mounts of their own.
/// </summary>
internal sealed class ZfsFreezer(Tool tool) : IFreezer
{
    /// <inheritdoc/>
    public FreezeMethod Method => FreezeMethod.Zfs;

    /// <inheritdoc/>
    public bool Handles(MountEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return mount.Type == "zfs" && !mount.Source.Contains('@', StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Volume> VolumesOf(MountEntry mount, ReadOnlySpan<byte> inside)
    {
        ArgumentNullException.ThrowIfNull(mount);
        if (mount.Root.Length > 1)
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.Volume(PathText.Of(mount.Place)),
                $"cannot take a snapshot of it: it is a bind mount of a directory in {mount.Source}", Advice.UseDataset);
        }

        return [new Volume(mount.Source, "/"u8.ToArray(), mount)];
    }

    /// <inheritdoc/>
    public byte[] Take(FreezeRecord record, Volume volume)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(volume);
        tool.Do(Subject.Volume(record.Volume), "take a snapshot of it", tool.NeedsRoot(Advice.FreeZfsPool),
            "zfs", "snapshot", Snapshot(record));
        byte[] place = Paths.Join(volume.Mount.Place, Encoding.UTF8.GetBytes(".zfs/snapshot/" + record.Name));
        return Directory.Exists(Tool.Argument(place)) ? place
            : throw new VarveException(ErrorKind.Storage, Subject.Volume(Snapshot(record)), $"cannot see it in {PathText.Of(place)}",
            Advice.ReadLive);
    }

    /// <inheritdoc/>
    public Notice? Remove(FreezeRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ToolResult all = tool.Do(Subject.Volume(record.Volume), "list its snapshots", Advice.NextRunTries, "zfs", "list", "-H", "-t",
            "snapshot", "-o", "name", "-d", "1", record.Volume);
        if (!all.Text.Split('\n').Any(l => l.Trim() == Snapshot(record))) { return null; }
        tool.Do(Subject.Volume(Snapshot(record)), "remove the snapshot", Advice.DestroyZfsSnapshot, "zfs", "destroy", Snapshot(record));
        return null;
    }

    private static string Snapshot(FreezeRecord record) => $"{record.Volume}@{record.Name}";
}
