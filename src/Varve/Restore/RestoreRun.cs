using System.Text;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Place;
using Varve.Restore.Plan;
using Varve.Restore.Resume;
using Varve.Restore.Target;
using Varve.Restore.Write;
using Varve.Tree.Details;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Restore;

/// <summary>One restore, once it is known what it is of: writes, or looks at what it would write or has written. For one thread.</summary>
internal sealed class RestoreRun(Repository repository, RestoreOptions options, RestoreScope scope, RestoreFilter filter, OwnerMap owners,
    RestoreMonitor monitor, CancellationToken cancellationToken)
{
    private readonly MetadataSetter _metadata = new(new MetadataLosses())
    {
        SkipsOwner = options.NoOwner, SkipsXattrs = options.NoXattrs,
    };

    private MetadataAdjuster? _adjuster;

    /// <summary>Why something stays that the snapshot has not; null if all of that stays.</summary>
    internal required KeepReason? Keep { get; init; }

    /// <summary>What could not be set.</summary>
    internal MetadataLosses Losses => _metadata.Losses;

    /// <summary>Whether the target was not there.</summary>
    internal bool IsMade { get; private set; }

    private MetadataAdjuster Adjuster => _adjuster ??= new MetadataAdjuster(_metadata);

    private bool IsDirectory => scope.Found.Stat.Kind == EntryKind.Directory;

    private bool IsRootWanted => IsDirectory && scope.Selection is null && filter.WantsRoot;

    /// <summary>Writes what is to be written.</summary>
    internal void Write()
    {
        bool overwrites = options.Overwrite || options.Rules is not null;
        TargetDirectory target = scope.Steps.Count > 0 ? TargetRoot.OpenBelow(options.Target, scope.Steps, Complete, isReadOnly: false)
            : TargetRoot.Open(scope.Target, overwrites, Complete);
        try
        {
            byte[][] paths = options.Paths.Count > 0 ? [.. options.Paths] : options.Path is { } path ? [path] : [];
            using RestoreMark mark = RestoreMark.Begin(target,
                MarkText.Identity(options.Snapshot.Name, paths, options.Includes, options.Excludes, options.NumericOwner), overwrites);
            IsMade = mark.State == TargetState.Made;
            using CancellationTokenRegistration gate = Gate.PassWhenCancelled(cancellationToken);
            monitor.TargetIsIncomplete = true;
            try { Fill(mark, target); }
            catch
            {
                mark.Stop();
                throw;
            }

            Seal(mark, target);
        }
        catch
        {
            target.CloseAll();
            throw;
        }

        // Its last reference: only now it gets its own metadata, which may keep everybody from writing to it.
        target.Release();
        target.CloseAll();
    }

    /// <summary>Looks at the target without writing: what a restore would do, or whether it is what the snapshot says.</summary>
    internal void Survey(bool isVerification)
    {
        monitor.Enter(isVerification ? "verifying" : "comparing");
        PlaceRules rules = options.Rules ?? new PlaceRules();
        rules = rules with { IsDry = true, ByContent = rules.ByContent || isVerification };
        byte[] above = scope.Steps.Count > 0 ? options.Target : scope.Target;
        TargetDirectory? target = Exists() ? TargetRoot.OpenBelow(above, scope.Steps, null, isReadOnly: true) : null;
        try
        {
            bool mayBe = target is null || options.Overwrite || options.Rules is not null || isVerification || target.IsEmpty();
            if (!mayBe)
            {
                throw new VarveException(ErrorKind.Usage, Subject.Target(target!.DisplayPath([])), "is not empty", Advice.EmptyTarget);
            }

            var context = new RestoreContext
            {
                Chunks = repository.ChunkSource, Monitor = monitor, Files = new FileWriter(_metadata),
                Inspector = new PlaceInspector(rules, null, Content(), Adjuster, cancellationToken)
                {
                    LooksEverywhere = true, ReadsDisk = isVerification,
                },
            };
            (IReadOnlyList<Failure> failures, _) = monitor.Failures();
            var known = failures.Select(static f => Encoding.Latin1.GetString(f.Path)).ToHashSet(StringComparer.Ordinal);
            ExtraSweeper? sweeper = isVerification ? null : Sweeper(rules);
            var tools = Tools(rules, sweeper, new PlaceSurvey(context, isVerification, Losses.Lines().Count > 0, known, sweeper,
                staysAll: options.Rules is null && !isVerification));
            Plan(context, tools, null, target, wantsCount: false);
        }
        finally { target?.CloseAll(); }
    }

    private bool Exists() => Posix.StatAt(Posix.AT_FDCWD, scope.Target, out EntryStat stat, 0) == 0 && stat.Kind == EntryKind.Directory;

    private void Fill(RestoreMark mark, TargetDirectory target)
    {
        PlaceRules? rules = options.Rules;
        var files = new FileWriter(_metadata)
        {
            Number = mark.Number, NamesLast = !mark.HasBirths && mark.State == TargetState.Filled,
            NamesLastWhereOthersAre = rules is not null, Adjuster = Adjuster,
        };
        var context = new RestoreContext
        {
            Chunks = repository.ChunkSource, Monitor = monitor, Files = files, Earlier = mark.Earlier,
            Inspector = rules is null ? null : new PlaceInspector(rules, mark.Earlier, Content(), Adjuster, cancellationToken),
        };
        if (mark.State == TargetState.Filled) { target.MarkUnfinished(); }
        if (mark.Earlier is { } earlier) { target.Continue(mark.State == TargetState.Made, earlier.IsOurs); }
        PlanTools tools = Tools(rules, rules is null ? null : Sweeper(rules), null);
        tools.Specials.Number = mark.Number;
        monitor.Enter("writing");
        target.AddReference();
        try
        {
            using var workers = new RestoreWorkers(context, repository.Options.Host.Threads(options.Workers), cancellationToken);
            Plan(context, tools, workers, target, wantsCount: rules is null && scope.Selection is null);
        }
        catch
        {
            files.AbandonAll();
            throw;
        }
    }

    private void Plan(RestoreContext context, PlanTools tools, RestoreWorkers? workers, TargetDirectory? target, bool wantsCount)
    {
        EntryTable entry = scope.Found.Table;
        EntryDetails details = DetailsCodec.Decode(entry.Details(0));
        if (IsRootWanted && target is not null && workers is not null)
        {
            target.Stat = entry.Stat(0);
            target.Details = details;
            if (context.Inspector is not null) { target.TakeOver(); }
        }

        var root = new PlanDirectory
        {
            Parent = null, Name = [], Stat = entry.Stat(0), Details = details, IsWanted = scope.Selection is null && filter.WantsRoot,
            Way = scope.Selection, Target = target,
        };
        if (target is null) { root.BeVirtual(); }
        var planner = new RestorePlanner(context, tools, workers, cancellationToken);
        if (!IsDirectory)
        {
            planner.RunEntry(root, entry, 0);
            return;
        }

        if (tools.Survey is { } survey && IsRootWanted) { survey.Directory(target, null, [], [], entry.Stat(0), details); }
        using RestoreCount? count = !wantsCount ? null : RestoreCount.Begin(repository.ChunkSource, tools.Filter,
            new EntryBudget(options.Snapshot, options.NoLimits), monitor, details.ChildTree);
        planner.RunDirectory(root, details.ChildTree);
    }

    private PlanTools Tools(PlaceRules? rules, ExtraSweeper? sweeper, PlaceSurvey? survey) => new()
    {
        Trees = repository.MetaChunks, Budget = new EntryBudget(options.Snapshot, options.NoLimits), Filter = filter, Metadata = _metadata,
        Specials = new SpecialFiles(_metadata), Owners = owners, Sweeper = sweeper, Survey = survey,
        Obstacles = rules is null ? null : new Obstacles(rules, sweeper),
    };

    private ContentMatch Content()
    {
        Varve.Vault.Chunks.MetaScope lists = repository.MetaChunks.OpenScope();
        return new ContentMatch(repository.ChunkSource, id => lists.Fetch(id));
    }

    private ExtraSweeper? Sweeper(PlaceRules rules) =>
        Keep is null ? null : new ExtraSweeper(rules, Keep, Own(), (byte[] path, in EntryStat stat, string? kept, int error) =>
        {
            if (error != 0)
            {
                monitor.Fail(new Failure(path, FailedOperation.Write, error, $"could not be removed: {Errno.Message(error)}"));
            }
            else if (kept is not null) { monitor.AddProtected(path, kept); }
            else { monitor.AddDeleted(path, stat.Kind, stat.Links > 1 ? 0 : stat.Size); }
        });

    /// <summary>What the program itself writes to, wherever it lies.</summary>
    private HashSet<TargetFileId> Own()
    {
        var own = new HashSet<TargetFileId>();
        foreach (string place in (string[])[repository.Description, repository.CacheDirectory])
        {
            if (Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(place), out EntryStat stat, 0) == 0) { own.Add(TargetFileId.Of(in stat)); }
        }

        return own;
    }

    /// <summary>Everything is there, but perhaps not durable: that comes before the mark goes.</summary>
    private void Seal(RestoreMark mark, TargetDirectory target)
    {
        int error = target.Sync();
        if (error != 0)
        {
            mark.Distrust();
            throw new VarveException(ErrorKind.Storage, Subject.Target(target.DisplayPath([])),
                $"cannot be made durable: {Errno.Message(error)}",
                error is Errno.ENOSPC or Errno.EDQUOT ? Advice.FreeTarget : Advice.SeeSystemLog);
        }

        mark.Remove();
        monitor.TargetIsIncomplete = false;
    }

    /// <summary>The last thing done to a directory. The target itself keeps its own metadata when it only receives a part.</summary>
    private void Complete(TargetDirectory directory)
    {
        EntryStat stat = directory.Stat;
        RestoreOutcome outcome = directory.Details is null ? directory.GiveBack(null)
            : options.Rules is not null && !directory.WasCreated ? Adjust(directory, in stat)
            : _metadata.FinishDirectory(directory, in stat, directory.Details);
        if (!outcome.Ok) { monitor.Fail(outcome.ToFailure(directory.RelativePath([]))); }
    }

    private RestoreOutcome Adjust(TargetDirectory directory, in EntryStat stat)
    {
        RestoreOutcome outcome = Adjuster.Finish(directory, in stat, directory.Details, out bool differed);
        if (!differed) { return outcome; }
        monitor.AddMetadata();
        monitor.Tell(EntryChange.Metadata, directory.RelativePath([]), in stat);
        return outcome;
    }
}
