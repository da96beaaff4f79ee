using Varve.Tests.Kit.Trees;

[assembly: AssemblyFixture(typeof(KernelTree))]

namespace Varve.Tests.Kit.Trees;

/// <summary>Debian's kernel sources, unpacked once for all tests, when the first one asks. Nobody may change them.</summary>
public sealed class KernelTree : IDisposable
{
    private const string Archive = "/usr/src/linux-source-6.1.tar.xz";
    private const long Needed = 6L << 30;

    private readonly Lazy<string> _directory = new(Unpack);

    /// <summary>Where the tree is.</summary>
    public string Root => System.IO.Path.Combine(_directory.Value, "linux-source-6.1");

    /// <summary>A directory for what a test makes beside it: in memory if there is room. The test removes it.</summary>
    public static string NewDirectory()
    {
        bool memory = Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").AvailableFreeSpace > Needed;
        string parent = memory ? "/dev/shm" : System.IO.Path.GetTempPath();
        return Directory.CreateDirectory(System.IO.Path.Combine(parent, "varve-kernel-" + Guid.NewGuid().ToString("N"))).FullName;
    }

    public void Dispose()
    {
        if (_directory.IsValueCreated) { Programs.Run("rm", "-rf", _directory.Value); }
    }

    private static string Unpack()
    {
        Assert.True(File.Exists(Archive), $"{Archive} is missing: apt-get install linux-source-6.1");
        string directory = NewDirectory();
        Programs.Run("tar", "-xJf", Archive, "-C", directory);
        return directory;
    }
}
