using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.FileSystems;

/// <summary>
/// Snapshots of logical volumes, mounted read-only. One of a thin volume needs no space of its own; one of a thick volume gets a fifth of its size, or what the
/// volume group has left, for the blocks that change meanwhile.
/// </summary>
public sealed class LvmSnapshots : ISnapshotProvider
{
    private const int ShareOfOrigin = 5;
    private const long Smallest = 4 << 20;

    /// <inheritdoc/>
    public SnapshotMethod Method => SnapshotMethod.Lvm;

    /// <inheritdoc/>
    public bool Handles(MountEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        // A btrfs snapshot would have the identity of its origin, and the kernel must not see both.
        return mount.Type != "btrfs" && Directory.Exists($"/sys/dev/block/{mount.Device}/dm") && Tool.Find("lvs") is not null && Find(mount) is not null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Volume> VolumesOf(MountEntry mount, ReadOnlySpan<byte> inside)
    {
        ArgumentNullException.ThrowIfNull(mount);
        string volume = Find(mount) ?? throw new VarveException(ErrorKind.Unsupported, $"{mount.Source} is no logical volume");
        return [new Volume(volume, "/"u8.ToArray(), mount)];
    }

    /// <inheritdoc/>
    public byte[] Take(SnapshotRecord record, Volume volume)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(volume);
        string what = $"take a snapshot of the logical volume {record.Volume}";
        string[] facts = Fields(Tool.Do(what, MountTool.NeedsRoot("See 'lvs' and 'vgs'."),
            "lvs", [.. Report, "-o", "pool_lv,segtype,lv_size,vg_free", record.Volume]), 4);
        if (facts[1] == "thin")
        {
            // Thin snapshots are not activated by default (-kn).
            Tool.Do(what, MountTool.NeedsRoot("See 'lvs': the thin pool may be full."), "lvcreate", "--yes", "--snapshot", "--setactivationskip", "n", "--activate", "y", "--name", record.Name, record.Volume);
        }
        else
        {
            long size = long.Parse(facts[2], CultureInfo.InvariantCulture), free = long.Parse(facts[3], CultureInfo.InvariantCulture);
            long wanted = Math.Min(Math.Max(size / ShareOfOrigin, Smallest), free);
            if (wanted < Smallest)
            {
                throw new VarveException(ErrorKind.Storage, $"cannot {what}: its volume group has no free space for the blocks that change meanwhile",
                    "Add a disk with 'vgextend', shrink a volume, or back up without --fs-snapshot.");
            }

            // It wants whole sectors and rounds up to whole extents, which fit, because what is free is whole extents.
            wanted -= wanted % 512;
            Tool.Do(what, MountTool.NeedsRoot("See 'vgs' for free space."), "lvcreate", "--yes", "--snapshot", "--size", wanted.ToString(CultureInfo.InvariantCulture) + "b", "--name", record.Name, record.Volume);
        }

        string device = Fields(Tool.Do(what, null, "lvs", [.. Report, "-o", "lv_dm_path", Snapshot(record)]), 1)[0];
        // The journal may have to be replayed, into the snapshot. XFS refuses a second file system of the same id.
        MountTool.Mount(device, record.MountPlace, volume.Mount.Type, "ro,noatime,nosuid,nodev" + (volume.Mount.Type == "xfs" ? ",nouuid" : ""));
        return Encoding.UTF8.GetBytes(record.MountPlace);
    }

    /// <inheritdoc/>
    public string? Remove(SnapshotRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ToolResult found = Tool.Run("lvs", [.. Report, "-o", "lv_snapshot_invalid", Snapshot(record)]);
        MountTool.Unmount(record.MountPlace);
        if (!found.Succeeded)
        {
            if (!IsAbsent(record)) { throw new VarveException(ErrorKind.Storage, $"cannot see whether the snapshot {Snapshot(record)} is left: lvs: {found.Errors}", "The next backup tries again."); }
            return null;
        }

        Tool.Do($"remove the snapshot {Snapshot(record)}", $"The next backup tries again; by hand: lvremove {Snapshot(record)}", "lvremove", "--yes", Snapshot(record));
        // Of a thin one it says "unknown".
        return found.Text is "snapshot invalid" or "1"
            ? $"the snapshot of {record.Volume} ran full and broke while the backup ran; what could not be read after that has failed. More free space in the volume group gives it more room" : null;
    }

    private static string[] Report => ["--noheadings", "--nosuffix", "--units", "b", "--separator", "|"];

    private static string Snapshot(SnapshotRecord record) => record.Volume[..(record.Volume.IndexOf('/', StringComparison.Ordinal) + 1)] + record.Name;

    /// <summary>True only if the volume group can be listed and has no volume of that name, or if it is not there at all.</summary>
    private static bool IsAbsent(SnapshotRecord record)
    {
        ToolResult all = Tool.Run("lvs", [.. Report, "-o", "vg_name,lv_name"]);
        return all.Succeeded && !all.Text.Split('\n').Any(l => l.Trim() == Snapshot(record).Replace('/', '|'));
    }

    /// <summary>The logical volume on which a file system lies, as <c>vg/lv</c>; null if it lies on none.</summary>
    private static string? Find(MountEntry mount)
    {
        string device = $"/dev/block/{mount.Device}";
        ToolResult result = Tool.Run("lvs", [.. Report, "-o", "vg_name,lv_name", File.Exists(device) ? device : mount.Source]);
        if (!result.Succeeded) { return null; }
        string[] names = result.Text.Split('|');
        return names.Length == 2 ? $"{names[0].Trim()}/{names[1].Trim()}" : null;
    }

    private static string[] Fields(ToolResult result, int count)
    {
        string[] fields = [.. result.Text.Split('|').Select(static f => f.Trim())];
        return fields.Length == count ? fields : throw new VarveException(ErrorKind.Unsupported, $"lvs says what Varve does not understand: {result.Text}", "Back up without --fs-snapshot.");
    }
}
