using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Backup;
using Varve.Model;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve backup</c>: a snapshot of each path.</summary>
internal sealed class BackupCommand : VarveCommand
{
    private readonly Argument<string[]> _paths = new("PATH") { Description = "What to back up: directories or files", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _source, _compression, _workers, _deltaFrom, _deltaLimit;
    private readonly Option<string[]> _tags, _excludes;
    private readonly Option<bool> _oneFileSystem, _ignoreInode, _ignoreCtime, _force, _noDelta, _progress;

    internal BackupCommand() : base("backup",
        "Back up each PATH into a snapshot. Without -r, the default repository and a key file are created when they are missing.",
        "varve backup ~/Documents", "varve backup -r /mnt/disk/backup --exclude '*.o' --tag nightly /home /etc")
    {
        Arguments.Add(_paths);
        _source = Value("--source", "NAME", "The source's name [default: the last part of PATH]");
        _tags = Values("--tag", "TAG", "Tag the snapshot; may be repeated");
        _excludes = Values("--exclude", "GLOB", "Leave out what matches; may be repeated");
        _oneFileSystem = Flag("--one-file-system", "Do not enter other file systems", "-x");
        _ignoreInode = Flag("--ignore-inode", "Do not compare inode numbers: for file systems that do not keep them");
        _ignoreCtime = Flag("--ignore-ctime", "Do not compare ctime: for file systems that do not keep it");
        _force = Flag("--force", "Read every file again, changed or not");
        _compression = Value("--compression", "LEVEL", "zstd level, 1 to 19 [default 3]");
        _workers = Value("--workers", "N", "Threads that read and seal [default: one for each processor]");
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
            Tags = parse.GetValue(_tags) ?? [],
            Excludes = parse.GetValue(_excludes) ?? [],
            OneFileSystem = parse.GetValue(_oneFileSystem),
            IgnoreInode = parse.GetValue(_ignoreInode),
            IgnoreCtime = parse.GetValue(_ignoreCtime),
            Force = parse.GetValue(_force),
            Compression = parse.GetValue(_compression),
            Workers = parse.GetValue(_workers),
            NoDelta = parse.GetValue(_noDelta),
            DeltaFrom = parse.GetValue(_deltaFrom),
            DeltaLimit = parse.GetValue(_deltaLimit),
            CheckpointSeconds = context.Environment("VARVE_CHECKPOINT_SECONDS"),
        }.Resolve();
        using Repository repository = OpenOrCreate(context);
        Outcome worst = Outcome.Done;
        foreach (BackupOptions run in runs)
        {
            Outcome outcome;
            try
            {
                outcome = RunOne(repository, run, context, parse.GetValue(_progress));
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

    private static Outcome RunOne(Repository repository, BackupOptions options, CommandContext context, bool progress)
    {
        var monitor = new BackupMonitor();
        CancellationToken cancellation = context.CancelOnSignal(
            "stopping; what is stored is kept, the next backup goes on from there (again to stop at once)");
        BackupResult result;
        using (context.Progress(() => PositionOf(monitor.Read()), context.Options.Json && progress ? () => BackupReport.Progress(context, monitor.Read()) : null))
        {
            result = BackupRunner.Run(repository, options, monitor, cancellation);
        }

        if (context.Options.Json)
        {
            BackupReport.Json(context.Json, result);
        }
        else
        {
            BackupReport.Text(context.Out, result);
            foreach (string note in result.Notes)
            {
                context.Status.Message("varve: " + NameText.Printable(note));
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
