using System.Text;
using Varve.Model;

namespace Varve.Freeze;

/// <summary>
/// Read-only snapshots of btrfs subvolumes. They are made in the top-level subvolume, which is mounted at the record's place, so that the
/// directories of a source that is any other subvolume are not touched. A snapshot holds an empty directory for each subvolume nested in
/// it: these are frozen one by one.
/// </summary>
internal sealed class BtrfsFreezer(Tool tool) : IFreezer
{
    private const string TopLevel = "subvolid=5,noatime,nosuid,nodev";

    private readonly MountTool _mounts = new(tool);

    /// <inheritdoc/>
    public FreezeMethod Method => FreezeMethod.Btrfs;

    /// <inheritdoc/>
    public bool Handles(MountEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return mount.Type == "btrfs";
    }

    /// <inheritdoc/>
    public IReadOnlyList<Volume> VolumesOf(MountEntry mount, ReadOnlySpan<byte> inside)
    {
        ArgumentNullException.ThrowIfNull(mount);
        ToolResult list = tool.Do(Subject.Volume(PathText.Of(mount.Place)), "list its subvolumes", tool.NeedsRoot(Advice.UpdateBtrfsTools),
            "btrfs", "subvolume", "list", "-a", Tool.Argument(mount.Place));
        byte[] holder = "/"u8.ToArray();
        var below = new List<byte[]>();
        foreach (byte[] subvolume in Parse(list.Output))
        {
            if (Paths.IsAtOrBelow(inside, subvolume))
            {
                if (subvolume.Length > holder.Length) { holder = subvolume; }
            }
            else if (Paths.IsAtOrBelow(subvolume, inside) && !IsOurs(subvolume)) { below.Add(subvolume); }
        }

        below.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return [.. below.Prepend(holder).Select(s => new Volume(mount.Source, s, mount))];
    }

    /// <inheritdoc/>
    public byte[] Take(FreezeRecord record, Volume volume)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(volume);
        _mounts.Mount(record.Volume, record.MountPlace, "btrfs", TopLevel);
        string from = record.MountPlace + (volume.Inside.Length == 1 ? "" : Tool.Argument(volume.Inside));
        string to = Path.Combine(record.MountPlace, record.Name);
        tool.Do(Subject.Volume($"{PathText.Of(volume.Inside)} on {record.Volume}"), "take a snapshot of it",
            tool.NeedsRoot(Advice.FreeFileSystem),
            "btrfs", "subvolume", "snapshot", "-r", from, to);
        return Encoding.UTF8.GetBytes(to);
    }

    /// <inheritdoc/>
    public Notice? Remove(FreezeRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!MountTable.Read().IsMounted(Encoding.UTF8.GetBytes(record.MountPlace)))
        {
            // After a crash of the machine.
            _mounts.Mount(record.Volume, record.MountPlace, "btrfs", TopLevel);
        }

        string snapshot = Path.Combine(record.MountPlace, record.Name);
        if (Directory.Exists(snapshot))
        {
            tool.Do(Subject.Volume(snapshot), "remove the snapshot", Advice.DeleteSubvolume, "btrfs", "subvolume", "delete", snapshot);
        }

        _mounts.Unmount(record.MountPlace);
        return null;
    }

    /// <summary>
    /// The paths in the output of <c>btrfs subvolume list -a</c>, absolute within the file system. Some of them are marked as that.
    /// </summary>
    internal static List<byte[]> Parse(ReadOnlySpan<byte> output)
    {
        var paths = new List<byte[]>();
        foreach (Range range in output.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = output[range];
            int at = line.IndexOf(" path "u8);
            if (at < 0) { continue; }
            ReadOnlySpan<byte> path = line[(at + " path ".Length)..];
            if (path.StartsWith("<FS_TREE>/"u8)) { path = path["<FS_TREE>/".Length..]; }
            paths.Add([(byte)'/', .. path]);
        }

        return paths;
    }

    private static bool IsOurs(ReadOnlySpan<byte> path) =>
        FreezeName.IsOurs(Encoding.UTF8.GetString(path[(path.LastIndexOf((byte)'/') + 1)..]));
}
