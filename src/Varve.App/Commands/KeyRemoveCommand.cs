using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve key remove</c>: never the last of level full.</summary>
internal sealed class KeyRemoveCommand : VarveCommand
{
    private readonly Argument<string> _key;

    internal KeyRemoveCommand() : base("remove", "Remove a key; never the last of level full. Who copied the repository's secrets before still has them.",
        "varve key remove 3fa2b1c4") =>
        _key = Required("KEY", "The first digits of its name, or its label, as 'varve key list' shows them");

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        string key = RawArguments.Text(parse.GetValue(_key)!, "the key");
        using Repository repository = context.Open();
        repository.RemoveKey(key);
        if (context.Options.Json)
        {
            context.Json.Object(key, static (json, k) => json.WriteString("removed", k));
        }
        else
        {
            context.Out.WriteLine($"Removed key {NameText.Escape(key)}");
        }

        return Outcome.Done;
    }
}
