// Signatures the command line is written against; the engine replaces this folder.
using Varve.Model;

namespace Varve.Repositories
{
    public sealed class Repository : IDisposable
    {
        public static Repository Init(RepositoryLocation location, Credentials first, string label, RepositoryOptions options) => throw new NotSupportedException();
        public static bool Exists(RepositoryLocation location) => File.Exists(Path.Combine(location.Path, "varve"));
        public static Repository Open(RepositoryLocation location, Credentials credentials, RepositoryOptions options) => throw new NotSupportedException();
        public RepositoryHeader Header => throw new NotSupportedException();
        public KeyLevel Level => throw new NotSupportedException();
        public string CatalogPath => throw new NotSupportedException();
        public IReadOnlyList<SnapshotInfo> Snapshots(Action<VarveException>? damaged) => throw new NotSupportedException();
        public SnapshotInfo FindSnapshot(string spec, string? source) => throw new NotSupportedException();
        public IReadOnlyList<KeySlotInfo> Keys() => throw new NotSupportedException();
        public KeySlotInfo AddKey(KeyLevel level, Credentials credentials, string label) => throw new NotSupportedException();
        public void RemoveKey(string spec) => throw new NotSupportedException();
        public void Dispose() { }
    }
}

namespace Varve.Backup
{
    using Varve.Repositories;

    public static class BackupRunner
    {
        public static BackupResult Run(Repository repository, BackupOptions options, BackupMonitor monitor, CancellationToken cancellation) => throw new NotSupportedException();
    }
}

namespace Varve.Restore
{
    using Varve.Repositories;

    public sealed record RestoreOptions
    {
        public required SnapshotInfo Snapshot { get; init; }
        /// <summary>Relative to the source's root; null: everything.</summary>
        public byte[]? Path { get; init; }
        public required byte[] Target { get; init; }
        public IReadOnlyList<string> Includes { get; init; } = [];
        public IReadOnlyList<string> Excludes { get; init; } = [];
        public bool Overwrite { get; init; }
        public bool NumericOwner { get; init; }
        public int Workers { get; init; }
    }

    public sealed record RestoreResult(long Files, long Directories, long Others, long Bytes, IReadOnlyList<Failure> Failures, long FailureCount, IReadOnlyList<string> NotSet, TimeSpan Elapsed);

    public sealed record RestoreProgress
    {
        public long Files { get; init; }
        public long Bytes { get; init; }
        public long Failed { get; init; }
        public long? ExpectedFiles { get; init; }
        public long? ExpectedBytes { get; init; }
        public string Phase { get; init; } = "planning";
    }

    public sealed class RestoreMonitor { public RestoreProgress Read() => new(); }

    public static class RestoreRunner
    {
        public static RestoreResult Run(Repository repository, RestoreOptions options, RestoreMonitor monitor, CancellationToken cancellation) => throw new NotSupportedException();
    }

    public static class Dumper
    {
        public static void Run(Repository repository, SnapshotInfo snapshot, byte[] path, Stream output, CancellationToken cancellation) => throw new NotSupportedException();
    }

    public sealed record ListedEntry(byte[] Path, EntryStat Stat, EntryFlags Flags, byte[]? SymlinkTarget, string? User, string? Group);

    public static class Lister
    {
        public static void Run(Repository repository, SnapshotInfo snapshot, byte[]? path, bool recursive, Action<ListedEntry> entry) => throw new NotSupportedException();
    }

    public sealed record FoundRevision(
        byte[] Path, string Source, EntryStat Stat, EntryFlags Flags, ObjectName First, FileTime FirstTime, ObjectName? Last, FileTime? LastTime, bool Current);

    public static class Finder
    {
        public static void Run(Repository repository, string pattern, bool ignoreCase, string? source, Action<FoundRevision> found) => throw new NotSupportedException();
    }
}

namespace Varve.Maintain
{
    using Varve.Repositories;

    public sealed record CheckOptions
    {
        public bool ReadData { get; init; }
        public double Percent { get; init; } = 100;
        public int Workers { get; init; }
    }

    public sealed record Damage(string Object, string Problem, string Affects);

    public sealed record CheckResult(
        long Objects, long Packs, long Snapshots, long Chunks, long BytesRead, IReadOnlyList<Damage> Damages, long DamageCount, IReadOnlyList<string> Notes);

    public sealed record CheckProgress
    {
        public long Objects { get; init; }
        public long BytesRead { get; init; }
        public long Damaged { get; init; }
        public long? ExpectedObjects { get; init; }
        public long? ExpectedBytes { get; init; }
        public string Phase { get; init; } = "listing";
    }

    public sealed class CheckMonitor { public CheckProgress Read() => new(); }

    public static class Checker
    {
        public static CheckResult Run(Repository repository, CheckOptions options, CheckMonitor monitor, CancellationToken cancellation) => throw new NotSupportedException();
    }

    public static class Statistics
    {
        public static RepositoryStatistics Run(Repository repository) => throw new NotSupportedException();
    }

    public static class CatalogMaintenance
    {
        public static CatalogRebuildResult Rebuild(Repository repository, Action<int, int>? progress, CancellationToken cancellation) => throw new NotSupportedException();
        public static CatalogStatus Status(Repository repository) => throw new NotSupportedException();
    }
}

namespace Varve.Catalog
{
    public static class CatalogSql
    {
        public static void Query(string path, string sql, Action<IReadOnlyList<string>> columns, Action<IReadOnlyList<object?>> row) => throw new NotSupportedException();
    }
}
