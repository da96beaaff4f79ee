using Varve.App.Configuration;
using Varve.Backup;
using Varve.FileSystems;
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
    internal bool NewestFirst { get; init; }
    internal string? Budget { get; init; }
    internal string? Compression { get; init; }
    internal string? Workers { get; init; }
    internal string? SpoolDirectory { get; init; }
    internal string? SpoolLimit { get; init; }
    internal bool NoDelta { get; init; }
    internal string? DeltaFrom { get; init; }
    internal string? DeltaLimit { get; init; }

    /// <summary>VARVE_CHECKPOINT_SECONDS. No option: nobody needs it but tests, which kill backups that take less than a minute.</summary>
    internal string? CheckpointSeconds { get; init; }

    /// <summary>--as.</summary>
    internal string? As { get; init; }

    /// <summary>--fs-snapshot.</summary>
    internal string? FileSystemSnapshot { get; init; }

    /// <summary>The runs: see <see cref="BackupPlan"/>.</summary>
    internal IReadOnlyList<BackupOptions> Resolve(ConfigFile? config = null)
    {
        if (Source is "")
        {
            throw new VarveException(ErrorKind.Usage, "--source is empty");
        }

        if (SpoolDirectory is "")
        {
            throw new VarveException(ErrorKind.Usage, "--spool-dir is empty");
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
            NewestFirst = NewestFirst,
            Budget = Budget is null ? null : Numbers.Size(Budget, "--budget"),
            CompressionLevel = Numbers.Whole(Compression, "--compression", 1, 19, otherwise: 3),
            Workers = Numbers.Whole(Workers, "--workers", 1, 256, otherwise: 0),
            SpoolDirectory = SpoolDirectory is null ? null : Path.GetFullPath(RawArguments.Text(SpoolDirectory, "--spool-dir")),
            SpoolLimit = Numbers.Size(SpoolLimit, "--spool-limit", BackupOptions.DefaultSpoolLimit),
            Delta = !NoDelta,
            DeltaFrom = Numbers.Size(DeltaFrom, "--delta-from", BackupOptions.DefaultDeltaFrom),
            DeltaLimit = Numbers.Size(DeltaLimit, "--delta-limit", BackupOptions.DefaultDeltaLimit),
            CheckpointInterval = TimeSpan.FromSeconds(Numbers.Whole(CheckpointSeconds, "VARVE_CHECKPOINT_SECONDS", 1, 3600, otherwise: 60)),
        };
        SnapshotMethod? method = FileSystemSnapshot is null ? null : SnapshotMethods.Find(FileSystemSnapshot)
            ?? throw new VarveException(ErrorKind.Usage, $"--fs-snapshot must be one of {SnapshotMethods.All}");
        return BackupPlan.Make(common, Paths, As is null ? null : CanonicalPaths.Normalize(RawArguments.ToBytes(As), "--as"), method, config);
    }
}
