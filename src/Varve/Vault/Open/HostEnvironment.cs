using Varve.Platform.Files;
using Varve.Platform;

namespace Varve;

/// <summary>
/// What the library knows of the machine and the process it runs in. It asks neither by itself: whoever opens a repository says it
/// (<see cref="RepositoryOptions.Host"/>), most often by <see cref="OfProcess"/>. Immutable.
/// </summary>
public sealed record HostEnvironment
{
    private readonly int _processors = 1;

    /// <summary>The host's name. Sources belong to it: the same directory on a host of another name is another source.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the user who backs up; snapshots record it.</summary>
    public required string User { get; init; }

    /// <summary>How many processors there are to use: as many threads work where options ask for no number. At least 1.</summary>
    public required int Processors
    {
        get => _processors;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _processors = value;
        }
    }

    /// <summary>
    /// Where programs are looked for, in this order, before the directories that administrators' programs usually lie in; only absolute
    /// paths count. Programs are run only for <see cref="BackupOptions.FileSystemSnapshot"/>.
    /// </summary>
    public IReadOnlyList<string> ProgramDirectories { get; init; } = [];

    /// <summary>Whether the process may do what only root may; decides what an error advises, and nothing else.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>What the system says of this process: the one place that asks.</summary>
    public static HostEnvironment OfProcess() => new()
    {
        Name = Environment.MachineName,
        User = Environment.UserName,
        Processors = Environment.ProcessorCount,
        ProgramDirectories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
        IsPrivileged = Environment.IsPrivilegedProcess,
    };

    /// <summary>
    /// Threads for work that was asked to be done by <paramref name="asked"/> of them; 0: by one for each processor. One, where each would
    /// want descriptors that are not there.
    /// </summary>
    internal int Threads(int asked) => DescriptorShare.Of(usual: asked > 0 ? asked : Processors, least: 1);

    /// <summary>Threads that walk: few are enough, and one would wait for each directory.</summary>
    internal int Walkers => DescriptorShare.Of(usual: Math.Clamp(Processors, 2, 8), least: 1);
}
