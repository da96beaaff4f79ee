using System.CommandLine;

namespace Varve.App.Options;

/// <summary>The definitions of the global options: one place gives parsing and help.</summary>
internal sealed class GlobalSymbols
{
    private readonly Option<string> _repository = new("--repo", "-r")
    {
        Description = "The repository's directory [VARVE_REPO; default ~/.local/share/varve/repository]",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<string> _passwordFile = new("--password-file")
    {
        Description = "Read the password from a file [or set VARVE_PASSWORD]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string> _passwordCommand = new("--password-command")
    {
        Description = "Run a shell command that prints the password",
        HelpName = "COMMAND",
        Recursive = true,
    };

    private readonly Option<string> _keyFile = new("--key-file")
    {
        Description = "Use a key file [VARVE_KEY_FILE; default ~/.config/varve/key]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string> _cache = new("--cache-dir")
    {
        Description = "Directory of the catalogs [VARVE_CACHE_DIR; default ~/.cache/varve]",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print results as JSON (docs/json.md)",
        Recursive = true,
    };

    internal void AddTo(Command root)
    {
        root.Options.Add(_repository);
        root.Options.Add(_keyFile);
        root.Options.Add(_passwordFile);
        root.Options.Add(_passwordCommand);
        root.Options.Add(_cache);
        root.Options.Add(_json);
    }

    internal RawGlobalOptions Read(ParseResult parse) => new()
    {
        Repository = parse.GetValue(_repository),
        PasswordFile = parse.GetValue(_passwordFile),
        PasswordCommand = parse.GetValue(_passwordCommand),
        KeyFile = parse.GetValue(_keyFile),
        CacheDirectory = parse.GetValue(_cache),
        Json = parse.GetValue(_json),
    };
}
