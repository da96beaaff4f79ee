using System.CommandLine;
using Varve.App.Output;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve init</c>: a new repository with its first key.</summary>
internal sealed class InitCommand : VarveCommand
{
    private readonly Option<string> _label;

    internal InitCommand() : base("init", "Create a repository with its first key, of level full.",
        "varve init -r /mnt/disk/backup --key-file ~/.config/varve/key", "VARVE_PASSWORD='correct horse' varve init -r /mnt/disk/backup") =>
        _label = Value("--label", "TEXT", "What to call the key [default user@host]");

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        string? label = parse.GetValue(_label);
        using Repository repository = context.Create(
            () => context.Options.IsDefaultRepository ? context.DefaultKeyFile() : context.AskNewPassword(
                "Set VARVE_PASSWORD, or give --password-file, --password-command or --key-file FILE (created when it is missing)."), label);
        if (context.Options.Json)
        {
            context.Json.Object((context, repository), static (json, s) =>
            {
                json.WriteString("repository", s.context.Options.Repository);
                json.WriteString("id", s.repository.Header.Id.ToString());
                json.WriteString("createdKeyFile", s.context.CreatedKeyFile);
            });
            return Outcome.Done;
        }

        context.Out.WriteLine($"Created the repository {NameText.Escape(context.Options.Repository)}");
        CreatedKey(context);
        return Outcome.Done;
    }

    /// <summary>Says where a new key file lies and what it is worth.</summary>
    internal static void CreatedKey(CommandContext context)
    {
        if (context.CreatedKeyFile is { } keyFile)
        {
            context.Out.WriteLine($"Created the key file   {NameText.Escape(keyFile)}");
            context.Out.WriteLine("Without the key file nobody can read the backups, you neither. Keep a copy of it elsewhere, in a safe place.");
        }
    }
}
