using System.Diagnostics;

namespace Varve.Tests.Kit.Disks;

/// <summary>
/// A file system of a real kind on a loop device, for one test. Everything is taken away again, whatever the test did: what is mounted
/// below its directory or from its device, the device, the image.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    internal LoopDisk(string type, int mebibytes, params string[] options)
    {
        string image = this["image"];
        Directory.CreateDirectory(Root);
        try
        {
            using (FileStream file = File.Create(image)) { file.SetLength((long)mebibytes << 20); }
            Programs.Run("mkfs." + type, ["-q", .. options, image]);
            Device = Programs.Run("losetup", "--find", "--show", image).Trim();
            Mount(Root);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The loop device.</summary>
    internal string? Device { get; private set; }

    /// <summary>Where it is mounted.</summary>
    internal string Root => this["root"];

    /// <summary>A path beside the image and the mount.</summary>
    internal string this[string name] => Path.Combine(_scratch.Path, name);

    /// <summary>Mounts the device once more.</summary>
    internal void Mount(string place, string options = "rw")
    {
        Directory.CreateDirectory(place);
        Programs.Run("mount", "-o", options, Device!, place);
    }

    public void Dispose()
    {
        // Places of snapshots, too: the last mounted first.
        string[] mounted = [.. File.ReadLines("/proc/self/mountinfo").Select(static l => l.Split(' '))
            .Where(l => l[4].StartsWith(_scratch.Path + "/", StringComparison.Ordinal) || l.Contains(Device)).Select(static l => l[4])];
        foreach (string place in mounted.Reverse()) { Quietly("umount", "-l", place); }
        if (Device is not null) { Quietly("losetup", "--detach", Device); }
        _scratch.Dispose();
    }

    private static void Quietly(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }
}
