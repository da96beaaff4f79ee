using Varve.Archives.Lists;
using Varve.Archives.Plan;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.Freeze;
using Varve.Model.Bytes;
using Varve.Model.Rules;
using Varve.Vault.Open;

namespace Varve.Service;

/// <summary>What plans are made of, besides lists.</summary>
internal static class Plans
{
    /// <summary>Where <c>sort</c> is.</summary>
    /// <exception cref="VarveException">Unsupported: it is not installed.</exception>
    internal static string FindSort()
    {
        var host = HostEnvironment.OfProcess();
        return new Tool(host.ProgramDirectories, host.IsPrivileged).Find("sort")
            ?? throw new VarveException(ErrorKind.Unsupported, Subject.Program("sort"), "is not installed", Advice.InstallTool);
    }

    /// <summary>What a backup would save of a source is there. What could not be looked at is in the result.</summary>
    /// <exception cref="VarveException">Usage, NotFound: the source.</exception>
    internal static (IReadOnlyList<Failure> Failures, long FailureCount) AddLive(Planner planner, BackupOptions options,
        PathMapping mapping, string repository, string cacheRoot, TimeProvider time, CancellationToken cancellationToken)
    {
        int walkers = HostEnvironment.OfProcess().Walkers;
        return LiveRunner.Walk(options, OwnPlaces.Of(repository, cacheRoot), new LivePlanSink(planner, mapping, walkers), walkers, time,
            cancellationToken);
    }

    /// <summary>
    /// What a snapshot has was saved, under the paths that it is recorded under. What cannot be read of it goes to
    /// <paramref name="failed"/>.
    /// </summary>
    internal static void AddSnapshot(Planner planner, Repository repository, SnapshotInfo snapshot, byte[]? path, PathMapping mapping,
        Action<Failure> failed)
    {
        byte[] root = snapshot.Snapshot.Private!.CanonicalRoot;
        bool isFile = repository.KindAt(snapshot, []) != EntryKind.Directory;
        var name = new ByteWriter(4096);
        name.Raw(root);
        if (!isFile && root is not [(byte)'/']) { name.U8((byte)'/'); }
        int prefix = name.Length;
        repository.ListEntries(snapshot, path, recursive: true, found =>
        {
            name.Truncate(prefix);
            if (!isFile) { name.Raw(found.Path); }
            var entry = new ListEntry
            {
                Name = name.Written, Time = found.Modified, HasTime = true, Size = found.Size, Kind = found.Kind,
            };
            planner.AddSaved(in entry, mapping);
        }, failed);
    }
}
