using System.Diagnostics;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Kit.Disks;

/// <summary>
/// A mounted file system in which files are not what their stat says: see odd.c beside this file, which is compiled for each use. Skips the
/// test where that cannot be.
/// </summary>
internal sealed class OddFileSystem : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly Process? _server;

    /// <param name="entries">What is in its root, each as <c>NAME,STAT-SIZE,SIZE,FLAGS</c>.</param>
    public OddFileSystem(params string[] entries)
    {
        Assert.SkipUnless(AsUser.IsRoot && File.Exists("/dev/fuse"), "needs root and FUSE");
        string program = System.IO.Path.Combine(_scratch.Path, "odd"), source = System.IO.Path.Combine(VarveProcess.Clone,
            "tests/Varve.Tests/Kit/Disks/odd.c");
        Directory.CreateDirectory(Path);
        try { Programs.Run("/bin/bash", "-c", $"gcc -O1 -o {program} {source} $(pkg-config --cflags --libs fuse3)"); }
        catch (IOException e)
        {
            _scratch.Dispose();
            Assert.Skip("cannot compile it: " + e.Message);
        }

        var start = new ProcessStartInfo(program, [Path, .. entries]);
        start.Environment["CONTROL"] = _scratch.Path;
        _server = Process.Start(start)!;
        Poll.Until(IsMounted, "it is not mounted");
    }

    public string Path => System.IO.Path.Combine(_scratch.Path, "mount");

    /// <summary>Whether the mount is there.</summary>
    private bool IsMounted() => File.ReadLines("/proc/self/mountinfo").Any(l => l.Split(' ')[4] == Path);

    /// <summary>Takes away the flags of an entry, but those that say that it is a directory.</summary>
    public void Mend(string name) => File.WriteAllText(System.IO.Path.Combine(_scratch.Path, name + ".clear"), "");

    /// <summary>Ends the server, so that nothing below the mount point can be reached.</summary>
    public void Kill()
    {
        _server!.Kill();
        _server.WaitForExit();
    }

    public void Dispose()
    {
        Programs.Run("umount", "-l", Path);
        if (!_server!.HasExited) { Kill(); }
        _server.Dispose();
        _scratch.Dispose();
    }

    /// <summary>The content of a file of that length.</summary>
    public static byte[] Content(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)('A' + (i + i / 26) % 26))];
}
