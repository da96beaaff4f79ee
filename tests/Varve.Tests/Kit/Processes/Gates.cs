using System.Diagnostics;
using System.Runtime.InteropServices;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Kit.Processes;

/// <summary>
/// Holds programs at points (<see cref="Varve.Platform.Gate"/>): whoever comes to one of these waits there until the test says go on. Only
/// programs that are started with these gates are held. Once they are disposed of, nobody is.
/// </summary>
internal sealed class Gates : IDisposable
{
    private const uint Fifo = 0x1000 | 0x180;
    private const short Readable = 1;
    private const int Look = 200, Many = 20_000; // ms; a fifo holds 65,536 bytes

    private readonly ScratchDirectory _scratch = new();
    private readonly Dictionary<string, (FileStream Reached, FileStream Go)> _points = [];

    /// <param name="points">Where to hold; all other points are passed without a word.</param>
    public Gates(params string[] points)
    {
        foreach (string point in points) { _points[point] = (Make(point + ".reached"), Make(point + ".go")); }
    }

    /// <summary>What the program's variable names.</summary>
    public string Place => _scratch.Path;

    /// <summary>Lets so many pass, whenever they come.</summary>
    public void Pass(string point, int times = 1) => _points[point].Go.Write(new byte[times]);

    /// <summary>Lets all pass, more than will come.</summary>
    public void PassAll(string point) => Pass(point, Many);

    /// <summary>Holds nobody there any more.</summary>
    public void Open(string point)
    {
        foreach (string end in (string[])[".reached", ".go"]) { File.Delete(Path.Combine(Place, point + end)); }
        PassAll(point);
    }

    /// <summary>Waits until the process has come to the point so many times more; fails if it ends before.</summary>
    public void Await(string point, Process process, int times = 1)
    {
        if (TryAwait(point, process, times)) { return; }
        Assert.Fail($"it ended with {process.ExitCode} and did not come to '{point}': {process.StandardError.ReadToEnd()}");
    }

    /// <summary>The same; false if the process ended before.</summary>
    public bool TryAwait(string point, Process process, int times = 1)
    {
        long began = Stopwatch.GetTimestamp();
        while (times > 0)
        {
            bool ended = process.HasExited; // before looking: what it wrote last is there then
            if (Take(point)) { times--; }
            else if (ended) { return false; }
            else if (Stopwatch.GetElapsedTime(began) > Within.LongLimit)
            {
                Assert.Fail($"it does not come to '{point}'.\n{Within.Threads(process.Id)}");
            }
        }

        return true;
    }

    /// <summary>How many have come to the point that were not waited for.</summary>
    public int Count(string point)
    {
        int count = 0;
        while (Take(point)) { count++; }
        return count;
    }

    public void Dispose()
    {
        foreach (string point in _points.Keys) { Open(point); }
        foreach ((FileStream reached, FileStream go) in _points.Values)
        {
            reached.Dispose();
            go.Dispose();
        }

        _scratch.Dispose();
    }

    private bool Take(string point)
    {
        FileStream reached = _points[point].Reached;
        var wanted = new Wanted { Descriptor = (int)reached.SafeFileHandle.DangerousGetHandle(), Events = Readable, Returned = 0 };
        return poll(ref wanted, 1, Look) == 1 && reached.ReadByte() >= 0;
    }

    // Both ends at once, so that opening waits for nobody, here and there.
    private FileStream Make(string name)
    {
        string path = Path.Combine(Place, name);
        ZooPosix.MakeNode(ZooPosix.Path(path), Fifo, 0, 0);
        return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Wanted
    {
        public int Descriptor;
        public short Events, Returned;
    }

    [DllImport("libc")] private static extern int poll(ref Wanted wanted, ulong count, int milliseconds);
}
