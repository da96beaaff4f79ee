using Varve.Backup;
using Varve.Model;

namespace Varve.App.Options;

/// <summary>The options of <c>backup</c>, as typed.</summary>
internal sealed record RawBackupOptions
{
    internal required string[] Paths { get; init; }
    internal string? Source { get; init; }
    internal string[] Tags { get; init; } = [];
    internal string[] Excludes { get; init; } = [];
    internal bool OneFileSystem { get; init; }
    internal bool IgnoreInode { get; init; }
    internal bool IgnoreCtime { get; init; }
    internal bool Force { get; init; }
    internal string? Compression { get; init; }
    internal string? Workers { get; init; }
    internal bool NoDelta { get; init; }
    internal string? DeltaFrom { get; init; }
    internal string? DeltaLimit { get; init; }

    /// <summary>VARVE_CHECKPOINT_SECONDS. No option: nobody needs it but tests, which kill backups that take less than a minute.</summary>
    internal string? CheckpointSeconds { get; init; }

    /// <summary>One run for each path.</summary>
    internal IReadOnlyList<BackupOptions> Resolve()
    {
        if (Source is not null && Paths.Length > 1)
        {
            throw new VarveException(ErrorKind.Usage, "--source names one source, and several paths are given", "Back them up one by one.");
        }

        if (Source is "")
        {
            throw new VarveException(ErrorKind.Usage, "--source is empty");
        }

        if (NoDelta && (DeltaFrom ?? DeltaLimit) is not null)
        {
            throw new VarveException(ErrorKind.Usage, "--no-delta contradicts --delta-from and --delta-limit", "Leave one of them out.");
        }

        var common = new BackupOptions
        {
            RootPath = [],
            Source = Source is null ? null : RawArguments.Text(Source, "--source"),
            Tags = Array.ConvertAll(Tags, t => RawArguments.Text(t, "--tag")),
            Excludes = Array.ConvertAll(Excludes, e => RawArguments.Text(e, "--exclude")),
            OneFileSystem = OneFileSystem,
            IgnoreInode = IgnoreInode,
            IgnoreCtime = IgnoreCtime,
            Force = Force,
            CompressionLevel = Numbers.Whole(Compression, "--compression", 1, 19, otherwise: 3),
            Workers = Numbers.Whole(Workers, "--workers", 1, 256, otherwise: 0),
            Delta = !NoDelta,
            DeltaFrom = Numbers.Size(DeltaFrom, "--delta-from", BackupOptions.DefaultDeltaFrom),
            DeltaLimit = Numbers.Size(DeltaLimit, "--delta-limit", BackupOptions.DefaultDeltaLimit),
            Checkpoints = CheckpointPolicy.Default with { Interval = TimeSpan.FromSeconds(Numbers.Whole(CheckpointSeconds, "VARVE_CHECKPOINT_SECONDS", 1, 3600, otherwise: 60)) },
        };
        return Array.ConvertAll(Paths, path => path.Length == 0
            ? throw new VarveException(ErrorKind.Usage, "a path is empty")
            : common with { RootPath = RawArguments.ToBytes(path) });
    }
}
