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

    internal override Outcome Run(ParseResult parse, Session session)
    {
        string? label = parse.GetValue(_label);
        using Repository repository = session.Create(
            () => session.Options.IsDefaultRepository ? session.DefaultKeyFile() : session.AskNewPassword(
                "Set VARVE_PASSWORD, or give --password-file, --password-command or --key-file FILE (created when it is missing)."), label);
        if (session.Options.Json)
        {
            session.Json.Object((session, repository), static (json, s) =>
            {
                json.WriteString("repository", s.session.Options.Repository);
                json.WriteString("id", s.repository.Header.Id.ToString());
                json.WriteString("createdKeyFile", s.session.CreatedKeyFile);
            });
            return Outcome.Done;
        }

        session.Out.WriteLine($"Created the repository {NameText.Escape(session.Options.Repository)}");
        CreatedKey(session);
        return Outcome.Done;
    }

    /// <summary>Says where a new key file lies and what it is worth.</summary>
    internal static void CreatedKey(Session session)
    {
        if (session.CreatedKeyFile is { } keyFile)
        {
            session.Out.WriteLine($"Created the key file   {NameText.Escape(keyFile)}");
            session.Out.WriteLine("Without the key file nobody can read the backups, you neither. Keep a copy of it elsewhere, in a safe place.");
        }
    }
}
