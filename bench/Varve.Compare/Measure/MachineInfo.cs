using System.Globalization;
using System.Runtime.InteropServices;

namespace Varve.Compare.Measure;

/// <summary>What the figures were measured on and with.</summary>
/// <param name="Started">When the run began.</param>
/// <param name="Kernel">Release of the operating system's kernel.</param>
/// <param name="Processor">Name of the first processor.</param>
/// <param name="Cores">Processors this process may use.</param>
/// <param name="MemoryBytes">Of the whole machine.</param>
/// <param name="Filesystem">Type of the one worked on.</param>
/// <param name="Runtime">That this program runs on.</param>
/// <param name="Arguments">The options of this run, as given.</param>
/// <param name="Versions">By program.</param>
internal sealed record MachineInfo(
    DateTimeOffset Started, string Kernel, string Processor, int Cores, long MemoryBytes, string Filesystem, string Runtime,
    string Arguments,
    SortedDictionary<string, string> Versions)
{
    /// <summary>Reads this machine's; versions are added by whoever finds the tools.</summary>
    public static MachineInfo Read(string work, IReadOnlyList<string> arguments) => new(
        TimeProvider.System.GetUtcNow(),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Field("/proc/cpuinfo", "model name"),
        Environment.ProcessorCount,
        long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) * 1024,
        new DriveInfo(work).DriveFormat,
        RuntimeInformation.FrameworkDescription,
        string.Join(' ', arguments),
        new SortedDictionary<string, string>(StringComparer.Ordinal));

    /// <summary>One line for people.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{Cores} cores ({Processor}), {MemoryBytes / (double)(1 << 30):0} GiB, Linux {Kernel}, {Filesystem}, {Started:yyyy-MM-dd}");

    private static string Field(string file, string name)
    {
        string? line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
