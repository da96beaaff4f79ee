namespace Varve.Tests.Kit.Disks;

/// <summary>A small file system in memory with a size that can be changed, mounted for one test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    internal SmallDisk(int kibibytes) =>
        Programs.Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k,mode=700", "varve-test", _scratch.Path);

    internal string this[string name] => Path.Combine(_scratch.Path, name);

    internal void Resize(int kibibytes) => Programs.Run("mount", "-o", $"remount,size={kibibytes}k", _scratch.Path);

    public void Dispose()
    {
        Programs.Run("umount", "-l", _scratch.Path);
        _scratch.Dispose();
    }
}
