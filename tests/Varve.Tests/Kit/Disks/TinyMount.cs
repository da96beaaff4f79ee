namespace Varve.Tests.Kit.Disks;

/// <summary>A tmpfs of a few MiB that is mounted for one test. Skips the test where mounting is not allowed.</summary>
public sealed class TinyMount : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public TinyMount(int mebibytes)
    {
        try { Programs.Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", Path); }
        catch (Exception e)
        {
            _scratch.Dispose();
            Assert.Skip("cannot mount: " + e.Message);
        }
    }

    public string Path => _scratch.Path;

    public void MakeReadOnly() => Programs.Run("mount", "-o", "remount,ro", Path);

    public void Dispose()
    {
        Programs.Run("umount", "-l", Path);
        _scratch.Dispose();
    }
}
