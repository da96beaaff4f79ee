using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Model;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve key add</c>: another password or key file.</summary>
internal sealed class KeyAddCommand : VarveCommand
{
    private readonly Option<string> _level, _label, _passwordFile, _passwordCommand, _keyFile;

    internal KeyAddCommand() : base("add",
        "Add a password or key file. Level full opens everything; level write can back up, but not read one file or file name back.",
        "varve key add --level write --new-key-file /etc/varve/key", "varve key add --label 'paper in the safe'")
    {
        _level = Value("--level", "full|write", "What the key allows [default full]");
        _label = Value("--label", "TEXT", "What to call the key [default user@host]");
        _keyFile = Value("--new-key-file", "FILE", "A key file; created when it is missing");
        _passwordFile = Value("--new-password-file", "FILE", "Read the new password from a file");
        _passwordCommand = Value("--new-password-command", "COMMAND", "Run a shell command that prints the new password");
    }

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        KeyLevel level = parse.GetValue(_level) switch
        {
            null or "full" => KeyLevel.Full,
            "write" => KeyLevel.Write,
            var other => throw new VarveException(ErrorKind.Usage, $"there is no level '{other}'", "Levels are full and write."),
        };
        string label = parse.GetValue(_label) is { } typed ? RawArguments.Text(typed, "--label") : CommandContext.DefaultLabel();
        CredentialSource? source = GlobalOptions.Only(
            GlobalOptions.Source(CredentialKind.KeyFile, parse.GetValue(_keyFile), "--new-key-file"),
            GlobalOptions.Source(CredentialKind.PasswordFile, parse.GetValue(_passwordFile), "--new-password-file"),
            GlobalOptions.Source(CredentialKind.PasswordCommand, parse.GetValue(_passwordCommand), "--new-password-command"));

        using Repository repository = context.Open();
        Credentials credentials = source is not null ? context.NewCredentials(source)
            : context.AskNewPassword("Give --new-key-file, --new-password-file or --new-password-command.");
        KeySlotInfo slot = repository.AddKey(level, credentials, label);
        if (context.Options.Json)
        {
            context.Json.Object((slot, context), static (json, s) =>
            {
                KeyReport.Members(json, s.slot);
                json.WriteString("createdKeyFile", s.context.CreatedKeyFile);
            });
            return Outcome.Done;
        }

        context.Out.WriteLine($"Added key {Human.Short(slot.Name)} of level {KindText.Of(slot.Level)}: {NameText.Escape(slot.Label)}");
        InitCommand.CreatedKey(context);
        return Outcome.Done;
    }
}
