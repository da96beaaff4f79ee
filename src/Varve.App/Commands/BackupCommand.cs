using Varve.App.Daemon.Changes;
using Varve.App.Hooks;
using Varve.App.Host;
using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Changes;
using Varve.App.Output.Parts;
using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.Backup.Results;

namespace Varve.App.Commands;

/// <summary><c>varve backup</c>: a snapshot of each source.</summary>
internal static class BackupCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        GlobalOptions options = context.Options;
        if (options.ConfigurationError is { } error) { throw error; }
        IReadOnlyList<BackupOptions> runs = BackupRequest.Resolve(
            values, options.Configuration, options.Profile, context.Environment(Variables.CheckpointSeconds),
            context.Moments, options.NoScan);
        IReadOnlyList<(string? Name, VarveException Error)> wrong = BackupRequest.Wrong(values, options.Configuration, options.Profile);
        using CommandOutput? output = values.Find(BackupSettings.StdinFrom) is { } command ? new CommandOutput(command) : null;
        runs = output is null ? Listed(values, context, runs) : [runs[0] with { Stream = output.Content }];
        var unsaved = new List<UnsavedSource>();
        context.Host = values.Find(BackupSettings.Host);
        context.AnswerRequests();
        Outcome worst = Outcome.Done;
        foreach ((string? name, VarveException e) in wrong)
        {
            context.Report(e);
            unsaved.Add(new UnsavedSource(name, null, e, context.Next));
            worst = Outcome.Failed;
        }

        // The budget of the command line is one for all, a source's own for that alone.
        long? budget = values.FindValue(BackupSettings.Budget);
        runs = [.. runs.Select(r => r with { Budget = Least(r.Budget, budget) })];
        if (runs.Count == 0) { return context.Conclude(new UnsavedReport(wrong.Count, unsaved), worst); }
        string? changes = values.Find(BackupSettings.Changes);
        if (changes is not null && runs.Count + wrong.Count > 1) { throw OneSource(BackupSettings.Changes.Name); }
        if (changes is not null) { runs = [.. runs.Select(r => r with { IsWatched = true, Changed = ChangesFile.Read(changes) })]; }
        if (values.Has(BackupSettings.DryRun)) { return DryRun(context, runs, wrong.Count, unsaved, worst); }
        var hooks = new HookRounds(context, values.Has(BackupSettings.NoHooks));
        var facts = new HookFacts { Repository = options.Repository };
        return hooks.Around(options.Configuration?.Hooks, facts, () => Save(runs, wrong.Count, unsaved, worst));

        Outcome Save(IReadOnlyList<BackupOptions> runs, int wrong, List<UnsavedSource> unsaved, Outcome worst)
        {
            using Repository repository = OpenOrCreate(context, runs);
            int sources = runs.Count + wrong;
            long used = 0;
            HashSet<string>? unmatched = null; // by no run
            foreach (BackupOptions run in runs)
            {
                Outcome outcome;
                SourceConfig? source = ConfiguredAs(run, options.Configuration);
                var told = new HookFacts { Source = run.Source ?? source?.Name, Path = run.RootPath, Repository = options.Repository };
                try
                {
                    outcome = hooks.Around(source?.Hooks, told, () => RunOne(repository,
                        run with { Budget = Least(run.Budget, budget - used) }, context,
                        (values.Has(BackupSettings.Progress), changes), output, told, ref used, ref unmatched));
                    if (outcome == Outcome.Prevented)
                    {
                        unsaved.Add(new UnsavedSource(run.Source, run.RootPath, Prevented(told), context.Next));
                    }
                }
                catch (VarveException e) when (sources > 1 && IsOfSource(e))
                {
                    // What is wrong with one source, whatever it is, must not keep the others from being saved.
                    context.Report(e);
                    unsaved.Add(new UnsavedSource(run.Source, run.RootPath, e, context.Next));
                    outcome = Outcome.Failed;
                }

                (facts.Snapshot, facts.Error) = (told.Snapshot ?? facts.Snapshot, told.Error ?? facts.Error);
                facts.FailureCount = (facts.FailureCount ?? 0) + (told.FailureCount ?? 0);
                worst = outcome > worst ? outcome : worst;
            }

            if (options.Verbose)
            {
                foreach (string pattern in unmatched ?? [])
                {
                    context.Say($"note: nothing was excluded by '{NameText.Printable(pattern)}'");
                }
            }

            if (unsaved.Count > 0) { worst = context.Conclude(new UnsavedReport(sources, unsaved), worst); }
            if (worst < Outcome.Prevented) { context.TellFirstSteps(); }
            return worst;
        }
    }

    /// <summary>The source of the configuration that a run is of as a whole, or null: hooks of it are run around nothing else.</summary>
    private static SourceConfig? ConfiguredAs(BackupOptions run, ConfigFile? config) => config?.Sources.FirstOrDefault(s =>
        s.Name == run.Source && run.CanonicalRoot is { } root && s.CanonicalRoot.AsSpan().SequenceEqual(root));

    private static VarveException Prevented(HookFacts facts) =>
        new(ErrorKind.Storage, Subject.None, facts.Error ?? "a command failed that was to run before");

    /// <summary>The one run that a list of paths is for, with these.</summary>
    private static IReadOnlyList<BackupOptions> Listed(SettingValues values, CommandContext context, IReadOnlyList<BackupOptions> runs)
    {
        if (ListInputs.ReadPaths(values, context) is not { } listed) { return runs; }
        if (runs.Count == 1) { return [runs[0] with { Only = listed }]; }
        throw OneSource("a list of paths");
    }

    private static VarveException OneSource(string option) =>
        new(ErrorKind.Usage, Subject.Request(option), "is for one source, and several are backed up", Advice.OneByOne);

    private static long? Least(long? one, long? other) => one < other || other is null ? one : other;

    /// <summary>Whether it is the source, or what freezes it, that something is wrong with, and not the repository.</summary>
    private static bool IsOfSource(VarveException e) =>
        e.Subject.Kind is SubjectKind.Source or SubjectKind.Volume or SubjectKind.Program;

    private static Outcome RunOne(Repository repository, BackupOptions options, CommandContext context,
        (bool Progress, string? Changes) said, CommandOutput? output, HookFacts facts, ref long used, ref HashSet<string>? unmatched)
    {
        bool progress = said.Progress;
        var monitor = new BackupMonitor
        {
            IsWatched = context.DrawsProgress || progress,
            Entry = context.Options.Verbose ? entry => context.Tell(new ChangedEntryReport(entry)) : null,
        };
        repository.LoadIndex(); // a signal still ends the program at once
        CancellationToken cancellation = context.CancelOnSignal(
            "stopping; what is stored is kept, the next backup goes on from there (again to stop at once)");
        using CancellationTokenRegistration stops = cancellation.Register(() => output?.Stop());
        BackupResult result;
        using (context.Progress(() => PositionOf(monitor.Read()), progress ? () => Tell(context, monitor.Read()) : null))
        {
            result = repository.Backup(options, monitor, cancellation);
        }

        if (said.Changes is { } changes) { ChangesFile.WriteRest(changes, result.Rest, n => context.Say(n.ToString())); }
        used += result.BudgetUsed;
        (facts.Snapshot, facts.FailureCount) = (result.Name.ToString(), result.FailureCount);
        if (unmatched is null) { unmatched = [.. result.UnmatchedExcludes]; }
        else { unmatched.IntersectWith(result.UnmatchedExcludes); }
        return context.Conclude(new BackupReport(result, context.Next), result.FailureCount > 0 ? Outcome.Incomplete : Outcome.Done);
    }

    private static Outcome DryRun(
        CommandContext context, IReadOnlyList<BackupOptions> runs, int wrong, List<UnsavedSource> unsaved, Outcome worst)
    {
        bool isNone = context.Options.IsDefaultRepository && !Repository.Exists(context.Options.Location);
        using Repository? repository = isNone ? null : context.Open();
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        foreach (BackupOptions run in runs)
        {
            var monitor = new BackupMonitor
            {
                IsWatched = context.DrawsProgress,
                Entry = context.Options.Verbose ? entry => context.Tell(new ChangedEntryReport(entry)) : null,
            };
            Outcome outcome;
            try
            {
                DryRunResult result;
                using (context.Progress(() => PositionOf(monitor.Read()), null))
                {
                    result = repository.DryRun(run, monitor, context.Time, cancellation);
                }

                outcome = context.Conclude(new DryRunReport(result), result.FailureCount > 0 ? Outcome.Incomplete : Outcome.Done);
            }
            catch (VarveException e) when (runs.Count + wrong > 1 && IsOfSource(e))
            {
                context.Report(e);
                unsaved.Add(new UnsavedSource(run.Source, run.RootPath, e, context.Next));
                outcome = Outcome.Failed;
            }

            worst = outcome > worst ? outcome : worst;
        }

        return unsaved.Count == 0 ? worst : context.Conclude(new UnsavedReport(runs.Count + wrong, unsaved), worst);
    }

    private static void Tell(CommandContext context, BackupProgress progress)
    {
        context.Results.Write(new ProgressReport(progress));
        context.Results.Flush();
    }

    private static Repository OpenOrCreate(CommandContext context, IReadOnlyList<BackupOptions> runs)
    {
        if (!context.Options.IsDefaultRepository) { return context.Open(); }
        try
        {
            if (IsThere()) { return context.Open(); }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.NoRepository)
        {
            // There is a part of one, which another may be making.
        }

        RequireAny(runs);
        using IDisposable? turn = FirstTurn.Await(context.Options.CacheRoot);
        if (IsThere()) { return context.Open(); }
        // A key that is there is of a repository that was there: on a disk, perhaps, that is not mounted now.
        if (context.Lost(orAnywhere: true) is { } lost) { throw lost; }
        Repository repository = context.Create(context.DefaultKeyFile, label: null);
        context.Conclude(new CreatedReport(context.Options.Repository, context.CreatedKeyFile), Outcome.Done);
        return repository;

        bool IsThere() => Repository.Exists(context.Options.Location);
    }

    /// <summary>Nothing is made for what cannot be saved: one of the sources must be there, and options make sense for all.</summary>
    private static void RequireAny(IReadOnlyList<BackupOptions> runs)
    {
        VarveException? first = null;
        int usable = 0;
        foreach (BackupOptions run in runs)
        {
            try
            {
                run.Verify();
                usable++;
            }
            catch (VarveException e) when (IsOfSource(e)) { first ??= e; }
        }

        if (usable == 0 && first is not null) { throw first; }
    }

    private static Position PositionOf(BackupProgress p) =>
        new(p.Phase, "files", p.Files, p.Bytes, p.ExpectedFiles, p.ExpectedBytes, p.Failed)
        {
            At = p.Path is { Length: > 0 } path ? NameText.Escape(path) : null,
        };
}
