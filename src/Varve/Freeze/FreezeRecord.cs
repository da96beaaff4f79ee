using System.Text;

namespace Varve.Freeze;

/// <summary>
/// What must be known to take a snapshot away: which method made it, what it is called, what it is of, and where it is mounted. Written
/// before the snapshot is made.
/// </summary>
/// <param name="Method">Btrfs, Lvm or Zfs.</param>
/// <param name="Name">Its name (<see cref="FreezeName"/>).</param>
/// <param name="Volume">btrfs: the device. LVM: volume group and logical volume as <c>vg/lv</c>. ZFS: the dataset.</param>
/// <param name="MountPlace">The directory that belongs to it; a mount point for btrfs and LVM, unused for ZFS.</param>
internal sealed record FreezeRecord(FreezeMethod Method, string Name, string Volume, string MountPlace)
{
    private const string Magic = "varve file system snapshot 1";

    /// <summary>Four lines behind a first that says what this is.</summary>
    public byte[] Encode() => Encoding.UTF8.GetBytes($"{Magic}\n{Method}\n{Name}\n{Volume}\n{MountPlace}\n");

    /// <summary>Null if it is not a whole record of one of ours: what was killed while it wrote the record has made no snapshot.</summary>
    public static FreezeRecord? Decode(ReadOnlySpan<byte> bytes)
    {
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        if (lines.Length != 6 || lines[0] != Magic || lines[5].Length != 0) { return null; }
        FreezeMethod method = lines[1] switch
        {
            nameof(FreezeMethod.Btrfs) => FreezeMethod.Btrfs,
            nameof(FreezeMethod.Lvm) => FreezeMethod.Lvm,
            nameof(FreezeMethod.Zfs) => FreezeMethod.Zfs,
            _ => FreezeMethod.None,
        };
        bool sound = method != FreezeMethod.None && FreezeName.IsOurs(lines[2]) && lines[3].Length > 0 && lines[3][0] != '-'
            && Path.IsPathRooted(lines[4]) && Path.GetFileName(lines[4]) == lines[2];
        return sound ? new FreezeRecord(method, lines[2], lines[3], lines[4]) : null;
    }
}
