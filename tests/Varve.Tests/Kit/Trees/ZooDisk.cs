using Varve.Tests.Kit.Trees;

[assembly: AssemblyFixture(typeof(ZooDisk))]

namespace Varve.Tests.Kit.Trees;

/// <summary>
/// Where <see cref="ZooDirectory"/> lies: for root on an ext4 in memory, mounted once for all tests when the first one asks. What is in a
/// zoo needs a file system of a disk, and on the disk itself a tree of 100,000 names takes most of its time to be removed. For others it is
/// a temporary directory that is on a disk.
/// </summary>
public sealed class ZooDisk : IDisposable
{
    private const long Needed = 6L << 30;

    private static readonly Lazy<ZooDisk?> s_disk = new(Mount);

    private readonly ScratchDirectory? _scratch;

    /// <summary>xunit's, which disposes of what there is when all tests are through.</summary>
    public ZooDisk()
    {
    }

    private ZooDisk(ScratchDirectory scratch) => _scratch = scratch;

    internal static string Parent => s_disk.Value?.Root
        ?? (Path.GetTempPath().StartsWith(ScratchDirectory.Parent, StringComparison.Ordinal) ? "/tmp" : Path.GetTempPath());

    private string Root => Path.Combine(_scratch!.Path, "zoo");

    private string Image => Path.Combine(_scratch!.Path, "image");

    public void Dispose()
    {
        if (_scratch is not null)
        {
            Programs.Run("umount", "-l", Root);
            _scratch.Dispose();
        }
        else if (s_disk.IsValueCreated) { s_disk.Value?.Dispose(); }
    }

    private static ZooDisk? Mount()
    {
        if (!ZooPosix.IsRoot || !Directory.Exists("/dev/shm") || new DriveInfo("/dev/shm").AvailableFreeSpace < Needed) { return null; }
        var disk = new ZooDisk(new ScratchDirectory());
        try
        {
            Directory.CreateDirectory(disk.Root);
            Programs.Run("truncate", "-s", "6G", disk.Image);
            // One that is lost with the machine needs no journal.
            Programs.Run("mkfs.ext4", "-q", "-F", "-O", "^has_journal", "-i", "8192", "-m", "0", disk.Image);
            Programs.Run("mount", "-o", "loop,noinit_itable", disk.Image, disk.Root);
            File.Delete(disk.Image); // the mount has it
            ZooPosix.Chmod(ZooPosix.Path(disk.Root), 0x1ED);
            return disk;
        }
        catch (Exception)
        {
            // No loop devices, in a container for one.
            disk._scratch!.Dispose();
            return null;
        }
    }
}
