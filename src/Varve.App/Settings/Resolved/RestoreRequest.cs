using Varve.Model;
using Varve.Repositories;
using Varve.Restore;

namespace Varve.App.Options;

/// <summary>The options of <c>restore</c>, as typed.</summary>
internal sealed record RawRestoreOptions
{
    internal string? Snapshot { get; init; }
    internal string? Source { get; init; }
    internal required string Target { get; init; }
    internal string[] Includes { get; init; } = [];
    internal string[] Excludes { get; init; } = [];
    internal bool Overwrite { get; init; }
    internal bool NumericOwner { get; init; }
    internal string? Workers { get; init; }

    /// <summary>Resolves with the snapshot that <paramref name="find"/> finds for a spec and a source. Everything else is checked before.</summary>
    internal RestoreOptions Resolve(Func<string, string?, SnapshotInfo> find)
    {
        if (Target.Length == 0)
        {
            throw new VarveException(ErrorKind.Usage, "--target is empty");
        }

        SnapshotSpec spec = SnapshotSpec.Parse(Snapshot);
        string[] includes = Array.ConvertAll(Includes, i => RawArguments.Text(i, "--include"));
        string[] excludes = Array.ConvertAll(Excludes, e => RawArguments.Text(e, "--exclude"));
        int workers = Numbers.Whole(Workers, "--workers", 1, 256, otherwise: 0);
        SnapshotInfo snapshot = find(spec.Snapshot, Source is null ? null : RawArguments.Text(Source, "--source"));
        return new RestoreOptions
        {
            Snapshot = snapshot,
            Path = spec.Path is null ? null : SnapshotSpec.Relative(spec.Path, snapshot.Snapshot.Private?.CanonicalRoot ?? []),
            Target = RawArguments.ToBytes(Target),
            Includes = includes,
            Excludes = excludes,
            Overwrite = Overwrite,
            NumericOwner = NumericOwner,
            Workers = workers,
        };
    }
}
