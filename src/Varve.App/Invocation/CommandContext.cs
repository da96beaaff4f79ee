using Varve.App.Host;
using Varve.App.Output;
using Varve.App.Output.Pages;
using Varve.App.Output.Paper;
using Varve.App.Output.Parts;
using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Keys;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.App.Invocation;

/// <summary>What a command works with: where to print, and the repository it opens with the resolved options.</summary>
internal sealed class CommandContext(Surroundings surroundings, GlobalOptions options, TextOutput output, StatusLine status,
    NextCommand next, Action<Exception> report) : IDisposable
{
    private const int PasswordTries = 3;
    private readonly CancellationTokenSource _stop = new();
    private Interrupts? _interrupts;
    private StatusRequests? _requests;
    private volatile ProgressLoop? _progress;
    private Repository? _created;

    internal GlobalOptions Options => options;

    /// <summary>The clock and the local time zone.</summary>
    internal TimeProvider Time => surroundings.Time;

    /// <summary>Times as people type them.</summary>
    internal Moments Moments => new(surroundings.Time.GetUtcNow(), Zone);

    /// <summary>Commands for hints.</summary>
    internal NextCommand Next => next;

    /// <summary>Results, for people or programs.</summary>
    internal ReportWriter Results { get; } = new(output, Page(surroundings, options, output, status), options.Json);

    /// <summary>Standard error.</summary>
    internal StatusLine Status => status;

    /// <summary>Where results go that are bytes.</summary>
    internal TextOutput Out => output;

    /// <summary>Whether standard output is a terminal.</summary>
    internal bool OutputIsTerminal => surroundings.OutputIsTerminal;

    /// <summary>Columns of what people read on standard output.</summary>
    internal int Width => surroundings.OutputWidth();

    /// <summary>An environment variable, or null.</summary>
    internal string? Environment(string name) => surroundings.Environment(name);

    /// <summary>Prints an error that does not end the command.</summary>
    internal void Report(Exception error) => report(error);

    /// <summary>Prints something that people should know, for people.</summary>
    internal void Say(string message) => status.Message("varve: " + NameText.Printable(message));

    /// <summary>Prints a result while the work goes on: at once, if somebody watches.</summary>
    internal void Tell<T>(T report) where T : IReport<T>
    {
        if (surroundings.OutputIsTerminal)
        {
            status.Aside(() =>
            {
                Results.Write(report);
                Results.Flush();
            });
            return;
        }

        Results.Write(report);
    }

    /// <summary>Prints a path that could not be read or written.</summary>
    internal void Say(Failure failure) => status.Message(FailureText.Line(status.Ink, failure));

    /// <summary>Prints how many more there are than were printed, if any.</summary>
    internal void SayMore(long failures) => FailureText.PrintMore(status, failures);

    /// <summary>Prints a warning.</summary>
    internal void Warn(Notice notice) => status.Hinted("warning: " + notice, AdviceText.Of(notice, next));

    /// <summary>
    /// Prints the result of work that is done, at once, and returns how that ended. That nobody reads it, or that it cannot be written,
    /// makes nothing undone: neither keeps what follows from being done, nor hides that some of it failed.
    /// </summary>
    internal Outcome Conclude<T>(T report, Outcome outcome) where T : IReport<T>
    {
        try
        {
            Results.Write(report);
            Results.Flush();
        }
        catch (BrokenPipeException) { }
        catch (VarveException e)
        {
            Report(e);
            return Outcome.Failed;
        }

        return outcome;
    }

    /// <summary>A token that the first Ctrl-C cancels, saying <paramref name="message"/>.</summary>
    internal CancellationToken CancelOnSignal(string message)
    {
        _interrupts ??= new Interrupts(_stop, () => status.Message("varve: " + message));
        return _interrupts.Token;
    }

    /// <summary>The exit code of a command that a signal ended.</summary>
    internal int InterruptedCode => _interrupts?.ExitCode ?? ExitCodes.Interrupted;

    /// <summary>Whether somebody sees progress drawn.</summary>
    internal bool DrawsProgress => status.IsTerminal && options is { Json: false, Quiet: false, NoProgress: false };

    /// <summary>
    /// Progress for people, unless results are JSON; then <paramref name="json"/>, if any, is called each second. Dispose it when the work
    /// is done.
    /// </summary>
    internal ProgressLoop Progress(Func<Position> read, Action? json = null) =>
        _progress = new ProgressLoop(surroundings.Time, status, DrawsProgress, options.Json ? json : null, read);

    /// <summary>From now on SIGUSR1 is answered with a line, whatever is done, and wherever standard error leads.</summary>
    internal void AnswerRequests() => _requests ??= new StatusRequests(() =>
    {
        if (_progress is not { } progress || !progress.Tell()) { status.Message("varve: opening or ending: nothing is counted now"); }
    });

    /// <summary>What this host is called, if the command says so: before anything else that was said of it.</summary>
    internal string? Host { get; set; }

    private TimeZoneInfo Zone => ZoneOf(surroundings, options);

    private static TimeZoneInfo ZoneOf(Surroundings surroundings, GlobalOptions options) =>
        options.Utc ? TimeZoneInfo.Utc : surroundings.Time.LocalTimeZone;

    /// <summary>Finds the snapshot that is meant, and says to people which that is.</summary>
    internal ChosenSnapshot Choose(Repository repository, SnapshotQuery query)
    {
        ChosenSnapshot chosen = repository.ChooseSnapshot(query);
        Snapshot snapshot = chosen.Snapshot.Snapshot;
        if (options is { Json: false, Quiet: false } && snapshot.Private is { } names)
        {
            Say($"snapshot {Human.Short(chosen.Snapshot.Name)} of {NameText.Escape(names.Source)} "
                + $"({NameText.Escape(names.Host)}:{NameText.Escape(names.CanonicalRoot)}), "
                + Human.ZonedTime(snapshot.Start, Zone) + WriterPart.Remark(snapshot.Signature, snapshot.Writer, repository.Writer));
        }

        return chosen;
    }

    /// <summary>
    /// What tells that a repository was at the place that has none now; null if nothing does. <paramref name="orAnywhere"/>: or at another,
    /// by a key file that is there.
    /// </summary>
    internal VarveException? Lost(bool orAnywhere = false)
    {
        string? keyFile = (options.Credential ?? options.Configured) is { Kind: CredentialKind.KeyFile } named ? named.Value
            : options.DefaultKeyFile;
        return Repository.LostAt(options.Location, Repositories(), keyFile, orAnywhere);
    }

    /// <summary>
    /// Opens the repository; the caller disposes it. What an option names is tried and nothing else. Without, what the environment names is
    /// tried in turn, then what the configuration says, then the default key file, then a terminal is asked.
    /// </summary>
    internal Repository Open()
    {
        var location = options.Location;
        if (!location.IsRemote && !Repository.Exists(location)) { throw NoRepository(); } // one connection is enough
        if (options.Credential is { } named) { return Open(location, CredentialReader.Read(named, Warn)); }

        var trials = new CredentialTrials();
        List<CredentialSource> found = [.. options.FromEnvironment];
        if (options.Configured is { } configured) { found.Add(configured); }
        if (options.DefaultKeyFile is { } keyFile && File.Exists(keyFile))
        {
            found.Add(new CredentialSource(CredentialKind.KeyFile, keyFile, "the default key file"));
        }

        foreach (CredentialSource source in found)
        {
            if (trials.Try(source, Warn, credentials => Open(location, credentials)) is { } opened) { return opened; }
        }

        return OpenAsking(location, trials);
    }

    /// <summary>The error that there is none.</summary>
    internal VarveException NoRepository() => Lost() ?? new(ErrorKind.NoRepository, Subject.Repository(options.Repository), "",
        options.IsDefaultRepository ? Advice.FirstBackupCreates : Advice.CreateRepository);

    /// <summary>Makes a key of a paper key.</summary>
    internal KeyImportResult ImportKey(PaperKey paper, Credentials credentials, string label) =>
        Repository.ImportKey(options.Location, paper, credentials, label, Repositories());

    /// <summary>Asks a person for a line that everybody may see, null at its end; null when nobody is there to ask.</summary>
    internal Func<string, string?>? Ask => surroundings.AskLine;

    /// <summary>How a QR code can be drawn among the results.</summary>
    internal PaperDrawing Drawing => surroundings.Drawing();

    /// <summary>The day here.</summary>
    internal DateOnly Today => DateOnly.FromDateTime(surroundings.Time.GetLocalNow().DateTime);

    /// <summary>
    /// Creates the repository; the caller disposes it. The first key is the named credential or <paramref name="fallback"/>.
    /// </summary>
    internal Repository Create(Func<Credentials> fallback, string? label) =>
        _created = Repository.Init(options.Location,
            options.ForCreation is { } named ? NewCredentials(named) : fallback(), label ?? DefaultLabel(), Repositories());

    /// <summary>Tells people on a terminal what follows from their first backup, if this was it.</summary>
    internal void TellFirstSteps()
    {
        if (_created is null || options.Json || options.Quiet || !surroundings.OutputIsTerminal) { return; }
        FirstSteps.Print(output, options.Repository, CreatedKeyFile, surroundings.Environment("HOME"));
    }

    /// <summary>
    /// Credentials for a new slot. A key file need not exist: the library creates it, and <see cref="CreatedKeyFile"/> tells.
    /// </summary>
    internal Credentials NewCredentials(CredentialSource source)
    {
        if (source.Kind == CredentialKind.KeyFile && !File.Exists(source.Value))
        {
            CreatedKeyFile = source.Value;
            return new Credentials { KeyFilePath = source.Value };
        }

        return CredentialReader.Read(source, Warn);
    }

    /// <summary>The default key file, created when it is missing.</summary>
    internal Credentials DefaultKeyFile()
    {
        string path = options.DefaultKeyFile
            ?? throw new VarveException(ErrorKind.Usage, Subject.None, "there is no place for the key file: HOME is not set",
            Advice.NameKeyFile);
        return NewCredentials(new CredentialSource(CredentialKind.KeyFile, path, "the default key file"));
    }

    /// <summary>A new password from the terminal, typed twice.</summary>
    internal Credentials AskNewPassword(Advice advice)
    {
        if (surroundings.AskSecret is not { } ask)
        {
            throw new VarveException(ErrorKind.Usage, Subject.None, "no password or key file is given, and there is no terminal to ask at",
                advice);
        }

        string password = ask("New password: ");
        if (password.Length == 0) { throw new VarveException(ErrorKind.Usage, Subject.Request("the password"), "is empty"); }

        return password == ask("Again: ") ? new Credentials { Password = password }
            : throw new VarveException(ErrorKind.Usage, Subject.Request("the two passwords"), "differ");
    }

    /// <summary>The key file this command makes, or null.</summary>
    internal string? CreatedKeyFile { get; private set; }

    /// <summary>What a slot is called when nobody says: user and host.</summary>
    internal string DefaultLabel() => System.Environment.UserName + "@" + Repositories().Host.Name;

    public void Dispose()
    {
        _requests?.Dispose();
        _interrupts?.Dispose();
        _stop.Dispose();
    }

    private static Page Page(Surroundings surroundings, GlobalOptions options, TextOutput output, StatusLine status) =>
        new(output, status, () => ZoneOf(surroundings, options), surroundings.Time.GetUtcNow)
        {
            Detail = options.Quiet ? Detail.Quiet : surroundings.OutputIsTerminal || options.Verbose ? Detail.Full : Detail.Line,
            Ink = new Ink(surroundings is { OutputIsTerminal: true, HasColours: true }),
        };

    private Repository Open(RepositoryLocation location, Credentials credentials)
    {
        ProgressLoop? progress = null;
        int tried = 0, all = 0;
        RepositoryOptions opening = Repositories() with
        {
            TryingKeySlot = (number, of) =>
            {
                Volatile.Write(ref all, of);
                Volatile.Write(ref tried, number - 1);
                // One is as usual.
                if (number > 1) { progress ??= Progress(() => Position(Volatile.Read(ref tried), Volatile.Read(ref all))); }
            },
        };
        try { return Repository.Open(location, credentials with { Slot = options.KeySlot }, opening); }
        finally { progress?.Dispose(); }

        static Position Position(int tried, int all) => new("trying keys", "keys", tried, 0, all, null, 0);
    }

    private Repository OpenAsking(RepositoryLocation location, CredentialTrials trials)
    {
        if (surroundings.AskSecret is not { } ask) { throw trials.Failed(options.Repository); }
        foreach (string failure in trials.Failures) { Say(failure); }
        for (int attempt = 1; ; attempt++)
        {
            try { return Open(location, new Credentials { Password = ask($"Password for {options.Repository}: ") }); }
            catch (VarveException e) when (e.Kind == ErrorKind.WrongKey && attempt < PasswordTries)
            {
                status.Message("varve: " + NameText.Printable(e.Message));
            }
        }
    }

    private RepositoryOptions Repositories()
    {
        var host = HostEnvironment.OfProcess();
        var opening = new RepositoryOptions
        {
            CacheRoot = options.CacheRoot, Time = surroundings.Time, Warn = Warn, Cancelled = _stop.Token,
            Retrying = options.Quiet ? null : new RetryNotes(status, surroundings.Time).Tell,
            Host = (Host ?? options.Host) is { } name ? host with { Name = name } : host,
        };
        return Environment(Variables.SessionSeconds) is not { } seconds ? opening
            : opening with { SessionLife = TimeSpan.FromSeconds(Numbers.Whole(1, 3600)(seconds, Variables.SessionSeconds)) };
    }
}
