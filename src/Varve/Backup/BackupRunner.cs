using Varve.Backup.Options;
using Varve.Backup.Sources;
using Varve.Backup.Watched;
using Varve.Catalog;
using Varve.Format;
using Varve.History;
using Varve.History.Import;
using Varve.Model;
using Varve.Vault;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Backup;

/// <summary>
/// One backup run from the open repository to the committed snapshot: source lock, session, catalog brought up to date, pipeline, snapshot,
/// catalog.
/// </summary>
internal static class BackupRunner
{
    /// <summary>So many sessions one after the other are lost before their lives are over, at most: somebody removes them.</summary>
    private const int MostBrief = 5;

    /// <summary>Backs a source up. Paths that fail are data in the result.</summary>
    /// <exception cref="VarveException">Nothing could be saved, or the store or catalog failed; what was checkpointed is kept for the next
    /// run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was made.</exception>
    public static BackupResult Run(Repository repository, BackupOptions options, BackupMonitor monitor, CancellationToken cancellationToken)
    {
        repository.BackupTurn.Wait(cancellationToken);
        try { return RunInTurn(repository, options, monitor, cancellationToken); }
        finally { repository.BackupTurn.Release(); }
    }

    private static BackupResult RunInTurn(
        Repository repository, BackupOptions options, BackupMonitor monitor, CancellationToken cancellationToken)
    {
        TimeProvider time = repository.Options.Time;
        long began = time.GetTimestamp();
        repository.RequireWritable();
        RequireTrustable(repository, options);
        using SourceTree tree = OptionRules.Open(options);
        IReadOnlyList<(string, string)> places = OwnPlaces.Of(repository);
        foreach (SourceLayer layer in tree.Layers) { OwnDirectories.Refuse(places, layer.Root.RealPath); }
        string host = repository.Options.Host.Name;
        Bytes32 ownId = repository.SourceId(host, tree.CanonicalPath);
        Lineage own = repository.OwnLineage(ownId);
        Bytes32 historyId = repository.SnapshotStore.Refresh().Of(own);
        using SourceLock mutex = SourceLock.Take(repository.Cache, historyId, tree.CanonicalPath);
        repository.Store.CleanUp();
        HashSet<ObjectName> damaged = Vault.Avoid.DamagedPacks.Read(repository.Cache);
        repository.Indexes.Avoid(damaged);
        repository.Indexes.Trust(options.VerifyExisting ? PackTrust.Own : options.Trust,
            options.VerifyExisting ? pack => repository.Packs.Verify(in pack, cancellationToken) : null);
        long lost = 0;
        for (int brief = 0; ;)
        {
            using var session = new Session(repository.Store, time, host, life: repository.Options.SessionLife);
            try
            {
                bool isCondemned = BeginSession(repository, options);
                return RunIn(session, isCondemned);
            }
            catch (VarveException e) when (e.Kind == ErrorKind.SessionLost && session.IsLost
                && (session.Age > repository.Options.SessionLife || ++brief < MostBrief))
            {
                // writer_renews: with another session, in whose listings all is proved anew.
                repository.Options.Warn?.Invoke(
                    Notice.Of(e, "the backup carries on in another, and proves what it stored") with { Advice = Advice.None });
            }
        }

        BackupResult RunIn(Session session, bool isCondemned)
        {
            // Its own history, and nobody else's.
            MeantHistory[] histories = [new MeantHistory(historyId, own)];
            var access = CatalogAccess.Of(repository);
            CatalogFile catalog = access.OpenCurrent(
                histories, cancellationToken, held: historyId, patience: repository.Options.CatalogPatience);
            if (repository.SnapshotStore.Sources.Of(own) != historyId)
            {
                // Somebody said so between the lock and the catalog: which history it belongs to is known from the next run on.
                throw SourceLock.Busy(tree.CanonicalPath);
            }

            BackupRun run = NewRun(options);
            try
            {
                BackupResult result = run.Run(catalog, cancellationToken);
                if (access.HasLeft) { access.Trim(histories, historyId, repository.Options.CatalogPatience); }
                return result;
            }
            catch (UnsettledException)
            {
                monitor.Progress.Restart();
                run = NewRun(options with { Changed = null });
                return run.Run(catalog, cancellationToken);
            }
            catch (VarveException e) when (CatalogFile.IsDamage(e))
            {
                // Noticed only now, when the damaged rows were read. It is a cache: the run begins again with a new one.
                catalog = CatalogAccess.Of(repository).Rebuild(e, histories, cancellationToken, held: historyId);
                return run.Run(catalog, cancellationToken);
            }
            finally { if (lost == 0) { lost = run.Number; } }

            BackupRun NewRun(BackupOptions with) => new(repository, with, monitor.Progress, tree, historyId, session)
            {
                OwnId = ownId, Host = host, Began = began, ProveAll = isCondemned, Lost = lost,
                HasDamagedPacks = damaged.Count > 0,
            };
        }
    }

    /// <summary>
    /// Lists, for a session that is durable, condemned packs, fences and the index, in that order; the snapshots of its source are listed
    /// with the catalog. Whether any packs are condemned.
    /// </summary>
    private static bool BeginSession(Repository repository, BackupOptions options)
    {
        bool isCondemned = repository.Indexes.BeginSession(repository.Fences.ListForWriter);
        // Every byte is at hand: what a pack that is gone held is stored again.
        if (options.Force) { repository.Indexes.AvoidMissing(); }
        return isCondemned;
    }

    private static void RequireTrustable(Repository repository, BackupOptions options)
    {
        if (options.VerifyExisting) { repository.RequireFull("verifying what others stored"); }
        if (options.Trust == PackTrust.All || repository.Records.Writer is not null) { return; }
        throw new VarveException(ErrorKind.WrongKey, Subject.Request("relying on own content only"),
            "needs a key slot with an identity; the one in use is older than identities, a new key has one");
    }
}
