using System.CommandLine;
using Varve.App.Configuration;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Backup;
using Varve.Model;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve backup</c>: a snapshot of each source.</summary>
internal sealed class BackupCommand : VarveCommand
{
    private readonly Argument<string[]> _paths = new("PATH") { Description = "What to back up: directories or files [default: the configured sources]", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _source, _as, _fsSnapshot, _config, _compression, _workers, _budget, _spoolDirectory, _spoolLimit, _deltaFrom, _deltaLimit;
    private readonly Option<string[]> _tags, _excludes;
    private readonly Option<bool> _oneFileSystem, _ignoreInode, _ignoreCtime, _force, _newestFirst, _noDelta, _progress;

    internal BackupCommand() : base("backup",
        "Back up each PATH, or else the configured sources, into snapshots. Without -r, the default repository and a key file are created when they are missing.",
        "varve backup ~/Documents", "varve backup -r /mnt/disk/backup --exclude '*.o' --tag nightly /home /etc",
        "varve backup --fs-snapshot auto /home", "varve backup --as /home /mnt/snap/home")
    {
        Arguments.Add(_paths);
        _source = Value("--source", "NAME", "The source's name [default: the last part of the path it is recorded under]; without PATH: the configured source of that name");
        _as = Value("--as", "PATH", "Record the tree under this absolute path; several PATHs are merged into one tree");
        _fsSnapshot = Value("--fs-snapshot", "METHOD", "Read from a snapshot of the file system: auto, btrfs, lvm, zfs or none [default none]");
        _config = Value("--config", "FILE", "Configuration with sources [VARVE_CONFIG; default ~/.config/varve/config.yaml]");
        _tags = Values("--tag", "TAG", "Tag the snapshot; may be repeated");
        _excludes = Values("--exclude", "GLOB", "Leave out what matches; may be repeated");
        _oneFileSystem = Flag("--one-file-system", "Do not enter other file systems", "-x");
        _ignoreInode = Flag("--ignore-inode", "Do not compare inode numbers: for file systems that do not keep them");
        _ignoreCtime = Flag("--ignore-ctime", "Do not compare ctime: for file systems that do not keep it");
        _force = Flag("--force", "Read every file again, changed or not");
        _newestFirst = Flag("--newest-first", "Begin with the files that changed last");
        _budget = Value("--budget", "SIZE", "Store at most so much new content (500M, 25G) and leave the rest for the next backup");
        _compression = Value("--compression", "LEVEL", "zstd level, 1 to 19 [default 3]");
        _workers = Value("--workers", "N", "Threads that read and seal [default: one for each processor]");
        _spoolDirectory = Value("--spool-dir", "DIR", "Where files that do not hold still are copied to [default: in the cache]");
        _spoolLimit = Value("--spool-limit", "SIZE", "What these copies may take at a time [default 4G]");
        _noDelta = Flag("--no-delta", "Store the changed chunks of large files whole, and keep no signatures of such files");
        _deltaFrom = Value("--delta-from", "SIZE", "Files from this size on get a signature before they change for the first time [default 256M]");
        _deltaLimit = Value("--delta-limit", "SIZE", "What signatures may take in the cache; the oldest go first [default 1G]");
        _progress = Flag("--progress", "With --json: print a progress object each second");
    }

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        IReadOnlyList<BackupOptions> runs = new RawBackupOptions
        {
            Paths = parse.GetValue(_paths) ?? [],
            Source = parse.GetValue(_source),
            As = parse.GetValue(_as),
            FileSystemSnapshot = parse.GetValue(_fsSnapshot),
            Tags = parse.GetValue(_tags) ?? [],
            Excludes = parse.GetValue(_excludes) ?? [],
            OneFileSystem = parse.GetValue(_oneFileSystem),
            IgnoreInode = parse.GetValue(_ignoreInode),
            IgnoreCtime = parse.GetValue(_ignoreCtime),
            Force = parse.GetValue(_force),
            NewestFirst = parse.GetValue(_newestFirst),
            Budget = parse.GetValue(_budget),
            Compression = parse.GetValue(_compression),
            Workers = parse.GetValue(_workers),
            SpoolDirectory = parse.GetValue(_spoolDirectory),
            SpoolLimit = parse.GetValue(_spoolLimit),
            NoDelta = parse.GetValue(_noDelta),
            DeltaFrom = parse.GetValue(_deltaFrom),
            DeltaLimit = parse.GetValue(_deltaLimit),
            CheckpointSeconds = context.Environment("VARVE_CHECKPOINT_SECONDS"),
        }.Resolve(ConfigReader.Find(parse.GetValue(_config), context.Environment));
        using Repository repository = OpenOrCreate(context);
        Outcome worst = Outcome.Done;
        long used = 0; // the budget is one for all paths
        foreach (BackupOptions run in runs)
        {
            Outcome outcome;
            try
            {
                outcome = RunOne(repository, run.Budget is { } budget ? run with { Budget = budget - used } : run, context, parse.GetValue(_progress), ref used);
            }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound && runs.Count > 1)
            {
                // A source that is not there must not keep the others from being saved.
                context.Report(e);
                outcome = Outcome.Failed;
            }

            worst = outcome > worst ? outcome : worst;
        }

        return worst;
    }

    private static Outcome RunOne(Repository repository, BackupOptions options, CommandContext context, bool progress, ref long used)
    {
        var monitor = new BackupMonitor();
        CancellationToken cancellation = context.CancelOnSignal(
            "stopping; what is stored is kept, the next backup goes on from there (again to stop at once)");
        BackupResult result;
        using (context.Progress(() => PositionOf(monitor.Read()), context.Options.Json && progress ? () => BackupReport.Progress(context, monitor.Read()) : null))
        {
            result = BackupRunner.Run(repository, options, monitor, cancellation);
        }

        used += result.BudgetUsed;
        if (context.Options.Json)
        {
            BackupReport.Json(context.Json, result);
        }
        else
        {
            BackupReport.Text(context.Out, result);
            foreach (Notice note in result.Notes)
            {
                context.Status.Message("varve: " + NameText.Printable(AdviceText.Line(note)));
            }

            FailureText.Print(context.Status, result.Failures, result.FailureCount);
        }

        context.Out.Flush(); // The next path may take hours.
        return result.FailureCount > 0 ? Outcome.Incomplete : Outcome.Done;
    }

    private static Repository OpenOrCreate(CommandContext context)
    {
        if (!context.Options.IsDefaultRepository || Repository.Exists(new RepositoryLocation(context.Options.Repository)))
        {
            return context.Open();
        }

        Repository repository = context.Create(context.DefaultKeyFile, label: null);
        if (context.Options.Json)
        {
            context.Json.Object(context, static (json, s) =>
            {
                json.WriteString("type", "created");
                json.WriteString("repository", s.Options.Repository);
                json.WriteString("createdKeyFile", s.CreatedKeyFile);
            });
        }
        else
        {
            context.Out.WriteLine($"Created the repository {NameText.Escape(context.Options.Repository)}");
            InitCommand.CreatedKey(context);
        }

        context.Out.Flush();
        return repository;
    }

    private static Position PositionOf(BackupProgress p) => new(p.Phase, "files", p.Files, p.Bytes, p.ExpectedFiles, p.ExpectedBytes, p.Failed);
}
