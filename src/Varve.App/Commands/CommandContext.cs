using Varve.App.Host;
using Varve.App.Output;
using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Values;

namespace Varve.App.Commands;

/// <summary>What a command works with: where to print, and the repository it opens with the resolved options.</summary>
internal sealed class CommandContext(Surroundings surroundings, GlobalOptions options, TextOutput output, StatusLine status,
    Action<Exception> report) : IDisposable
{
    private const int PasswordTries = 3;
    private Interrupts? _interrupts;

    internal GlobalOptions Options => options;

    /// <summary>Results, for people or programs.</summary>
    internal ReportWriter Results { get; } = new(output, status, () => surroundings.Time.LocalTimeZone, options.Json);

    /// <summary>Where results go that are bytes.</summary>
    internal TextOutput Out => output;

    /// <summary>An environment variable, or null.</summary>
    internal string? Environment(string name) => surroundings.Environment(name);

    /// <summary>Prints an error that does not end the command.</summary>
    internal void Report(Exception error) => report(error);

    /// <summary>Prints a warning.</summary>
    internal void Warn(Notice notice) => status.Message("varve: warning: " + NameText.Printable(AdviceText.Line(notice)));

    /// <summary>A token that the first Ctrl-C cancels, saying <paramref name="message"/>.</summary>
    internal CancellationToken CancelOnSignal(string message)
    {
        _interrupts ??= new Interrupts(() => status.Message("varve: " + message));
        return _interrupts.Token;
    }

    /// <summary>Progress for people, unless results are JSON; then <paramref name="json"/>, if any, is called each second.</summary>
    internal ProgressLoop Progress(Func<Position> read, Action? json = null) =>
        new(surroundings.Time, options.Json ? null : status, options.Json ? json : null, read);

    /// <summary>Opens the repository; the caller disposes it.</summary>
    internal Repository Open()
    {
        var location = new RepositoryLocation(options.Repository);
        if (!Repository.Exists(location))
        {
            throw new VarveException(ErrorKind.NoRepository, Subject.Repository(options.Repository), "",
                options.IsDefaultRepository ? Advice.FirstBackupCreates : Advice.CreateRepository);
        }

        if (options.Credential is { } credential) { return Repository.Open(location, CredentialReader.Read(credential), Repositories()); }

        if (options.DefaultKeyFile is { } keyFile && File.Exists(keyFile))
        {
            try { return Repository.Open(location, new Credentials { KeyFilePath = keyFile }, Repositories()); }
            catch (VarveException e) when (e.Kind == ErrorKind.WrongKey && surroundings.AskSecret is not null)
            {
                // The default key file belongs to another repository: ask.
            }
        }

        return OpenAsking(location);
    }

    /// <summary>
    /// Creates the repository; the caller disposes it. The first key is the named credential or <paramref name="fallback"/>.
    /// </summary>
    internal Repository Create(Func<Credentials> fallback, string? label) =>
        Repository.Init(new RepositoryLocation(options.Repository), options.Credential is { } named ? NewCredentials(named) : fallback(),
            label ?? DefaultLabel(), Repositories());

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

        return CredentialReader.Read(source);
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

    /// <summary>What a slot is called when nobody says.</summary>
    internal static string DefaultLabel() => System.Environment.UserName + "@" + System.Environment.MachineName;

    public void Dispose() => _interrupts?.Dispose();

    private Repository OpenAsking(RepositoryLocation location)
    {
        if (surroundings.AskSecret is not { } ask)
        {
            throw new VarveException(ErrorKind.WrongKey, Subject.Repository(options.Repository),
                "is opened by no password or key file that is given", Advice.GiveKey);
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return Repository.Open(location, new Credentials { Password = ask($"Password for {options.Repository}: ") },
                    Repositories());
            }
            catch (VarveException e) when (e.Kind == ErrorKind.WrongKey && attempt < PasswordTries)
            {
                status.Message("varve: " + NameText.Printable(e.Message));
            }
        }
    }

    private RepositoryOptions Repositories() => new() { CacheRoot = options.CacheRoot, Time = surroundings.Time, Warn = Warn };
}
