using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Freeze;

/// <summary>
/// Snapshots of logical volumes, mounted read-only. One of a thin volume needs no space of its own; one of a thick volume gets a fifth of
/// its size, or what the volume group has left, for the blocks that change meanwhile.
/// </summary>
internal sealed class LvmFreezer(Tool tool) : IFreezer
{
    private const int ShareOfOrigin = 5;
    private const long Smallest = 4 << 20;

    private readonly MountTool _mounts = new(tool);

    /// <inheritdoc/>
    public FreezeMethod Method => FreezeMethod.Lvm;

    /// <inheritdoc/>
    public bool Handles(MountEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        // A btrfs snapshot would have the identity of its origin, and the kernel must not see both.
        return mount.Type != "btrfs" && Directory.Exists($"/sys/dev/block/{mount.Device}/dm") && tool.Find("lvs") is not null
            && Find(mount) is not null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Volume> VolumesOf(MountEntry mount, ReadOnlySpan<byte> inside)
    {
        ArgumentNullException.ThrowIfNull(mount);
        string volume = Find(mount)
            ?? throw new VarveException(ErrorKind.Unsupported, Subject.Volume(mount.Source), "it is no logical volume", Advice.ReadLive);
        return [new Volume(volume, "/"u8.ToArray(), mount)];
    }

    /// <inheritdoc/>
    public byte[] Take(FreezeRecord record, Volume volume)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(volume);
        const string what = "take a snapshot of it";
        Subject origin = Subject.Volume(record.Volume);
        string[] facts = Fields(tool.Do(origin, what, tool.NeedsRoot(Advice.SeeVolumes),
            "lvs", [.. Report, "-o", "pool_lv,segtype,lv_size,vg_free", record.Volume]), 4);
        if (facts[1] == "thin")
        {
            // Thin snapshots are not activated by default (-kn).
            tool.Do(origin, what, tool.NeedsRoot(Advice.FreeThinPool),
                "lvcreate", "--yes", "--snapshot", "--setactivationskip", "n", "--activate", "y", "--name", record.Name, record.Volume);
        }
        else
        {
            long size = long.Parse(facts[2], CultureInfo.InvariantCulture), free = long.Parse(facts[3], CultureInfo.InvariantCulture);
            long wanted = Math.Min(Math.Max(size / ShareOfOrigin, Smallest), free);
            if (wanted < Smallest)
            {
                throw new VarveException(ErrorKind.Storage, origin,
                    $"cannot {what}: its volume group has no free space for the blocks that change meanwhile", Advice.ExtendVolumeGroup);
            }

            // It wants whole sectors and rounds up to whole extents, which fit, because what is free is whole extents.
            wanted -= wanted % 512;
            tool.Do(origin, what, tool.NeedsRoot(Advice.SeeVolumes),
                "lvcreate", "--yes", "--snapshot", "--size", wanted.ToString(CultureInfo.InvariantCulture) + "b", "--name", record.Name,
                record.Volume);
        }

        string device = Fields(tool.Do(origin, what, Advice.None, "lvs", [.. Report, "-o", "lv_dm_path", Snapshot(record)]), 1)[0];
        // The journal may have to be replayed, into the snapshot. XFS refuses a second file system of the same id.
        _mounts.Mount(device, record.MountPlace, volume.Mount.Type,
            "ro,noatime,nosuid,nodev" + (volume.Mount.Type == "xfs" ? ",nouuid" : ""));
        return Encoding.UTF8.GetBytes(record.MountPlace);
    }

    /// <inheritdoc/>
    public Notice? Remove(FreezeRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ToolResult found = tool.Run("lvs", [.. Report, "-o", "lv_snapshot_invalid", Snapshot(record)]);
        _mounts.Unmount(record.MountPlace);
        if (!found.Succeeded)
        {
            if (!IsAbsent(record))
            {
                throw new VarveException(ErrorKind.Storage, Subject.Volume(Snapshot(record)),
                    $"cannot see whether the snapshot is left: lvs: {found.Errors}", Advice.NextRunTries);
            }
            return null;
        }

        tool.Do(Subject.Volume(Snapshot(record)), "remove the snapshot", Advice.RemoveLogicalVolume, "lvremove", "--yes", Snapshot(record));
        // Of a thin one it says "unknown".
        return found.Text is "snapshot invalid" or "1"
            ? new Notice(Subject.Volume(record.Volume),
            "had a snapshot that ran full and broke while the backup ran; what could not be read after that has failed", null,
            Advice.ExtendVolumeGroup)
            : null;
    }

    private static string[] Report => ["--noheadings", "--nosuffix", "--units", "b", "--separator", "|"];

    private static string Snapshot(FreezeRecord record) =>
        record.Volume[..(record.Volume.IndexOf('/', StringComparison.Ordinal) + 1)] + record.Name;

    /// <summary>True only if the volume group can be listed and has no volume of that name, or if it is not there at all.</summary>
    private bool IsAbsent(FreezeRecord record)
    {
        ToolResult all = tool.Run("lvs", [.. Report, "-o", "vg_name,lv_name"]);
        return all.Succeeded && !all.Text.Split('\n').Any(l => l.Trim() == Snapshot(record).Replace('/', '|'));
    }

    /// <summary>The logical volume on which a file system lies, as <c>vg/lv</c>; null if it lies on none.</summary>
    private string? Find(MountEntry mount)
    {
        string device = $"/dev/block/{mount.Device}";
        ToolResult result = tool.Run("lvs", [.. Report, "-o", "vg_name,lv_name", File.Exists(device) ? device : mount.Source]);
        if (!result.Succeeded) { return null; }
        string[] names = result.Text.Split('|');
        return names.Length == 2 ? $"{names[0].Trim()}/{names[1].Trim()}" : null;
    }

    private static string[] Fields(ToolResult result, int count)
    {
        string[] fields = [.. result.Text.Split('|').Select(static f => f.Trim())];
        return fields.Length == count ? fields
            : throw new VarveException(ErrorKind.Unsupported, Subject.Program("lvs"), $"says what is not understood: {result.Text}",
            Advice.ReadLive);
    }
}
