namespace Varve.Tests.Kit.Disks;

/// <summary>
/// A file system of a kind, mounted for one test: in an image of its own, or in memory. Skips the test where mounting is not allowed.
/// </summary>
internal sealed class LoopMount : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    /// <param name="kind">tmpfs, ramfs, ext4, xfs or btrfs.</param>
    /// <param name="at">Where; null: in a directory of its own.</param>
    /// <param name="mebibytes">The image's size, of which only what is used takes memory.</param>
    public LoopMount(string kind, string? at = null, int mebibytes = 512)
    {
        Path = at ?? Directory.CreateDirectory(System.IO.Path.Combine(_scratch.Path, "mount")).FullName;
        string image = System.IO.Path.Combine(_scratch.Path, "image");
        try
        {
            if (kind is "tmpfs" or "ramfs") { Programs.Run("mount", "-t", kind, "varve-test", Path); }
            else
            {
                Programs.Run("truncate", "-s", $"{mebibytes}M", image);
                Programs.Run("mkfs." + kind, kind == "ext4" ? ["-q", "-F", image] : ["-q", image]);
                Programs.Run("mount", "-o", "loop", image, Path);
            }
        }
        catch (Exception e)
        {
            _scratch.Dispose();
            Assert.Skip("cannot mount: " + e.Message);
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        Programs.Run("umount", "-l", Path);
        _scratch.Dispose();
    }
}
