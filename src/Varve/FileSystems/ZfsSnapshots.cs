using System.Text;
using Varve.Model;

namespace Varve.FileSystems;

/// <summary>Snapshots of ZFS datasets, read through the directory <c>.zfs/snapshot</c> that every mounted dataset has. Datasets nested in one are mounts of their own.</summary>
public sealed class ZfsSnapshots : ISnapshotProvider
{
    /// <inheritdoc/>
    public SnapshotMethod Method => SnapshotMethod.Zfs;

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
            throw new VarveException(ErrorKind.Unsupported, $"cannot take a snapshot of {PathText.Of(mount.Place)}: it is a bind mount of a directory in {mount.Source}",
                "Name the directory where the dataset itself is mounted, or back up without --fs-snapshot.");
        }

        return [new Volume(mount.Source, "/"u8.ToArray(), mount)];
    }

    /// <inheritdoc/>
    public byte[] Take(SnapshotRecord record, Volume volume)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(volume);
        Tool.Do($"take a snapshot of the dataset {record.Volume}", MountTool.NeedsRoot("See 'zfs list': the pool may be full. Without --fs-snapshot the live files are read."),
            "zfs", "snapshot", Snapshot(record));
        byte[] place = Paths.Join(volume.Mount.Place, Encoding.UTF8.GetBytes(".zfs/snapshot/" + record.Name));
        return Directory.Exists(Tool.Argument(place)) ? place : throw new VarveException(ErrorKind.Storage, $"the snapshot {Snapshot(record)} cannot be seen in {PathText.Of(place)}");
    }

    /// <inheritdoc/>
    public string? Remove(SnapshotRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ToolResult all = Tool.Do($"list the snapshots of {record.Volume}", "The next backup tries again.", "zfs", "list", "-H", "-t", "snapshot", "-o", "name", "-d", "1", record.Volume);
        if (!all.Text.Split('\n').Any(l => l.Trim() == Snapshot(record))) { return null; }
        Tool.Do($"remove the snapshot {Snapshot(record)}", $"The next backup tries again; by hand: zfs destroy {Snapshot(record)}", "zfs", "destroy", Snapshot(record));
        return null;
    }

    private static string Snapshot(SnapshotRecord record) => $"{record.Volume}@{record.Name}";
}
