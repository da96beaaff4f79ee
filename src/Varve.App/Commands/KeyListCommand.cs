using System.CommandLine;
using Varve.App.Output;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve key list</c>: the one in use has a star.</summary>
internal sealed class KeyListCommand() : VarveCommand("list", "List the keys; a star marks the one in use.", "varve key list")
{
    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        using Repository repository = context.Open();
        if (!context.Options.Json)
        {
            context.Out.WriteLine(KeyReport.Header);
        }

        foreach (KeySlotInfo slot in repository.Keys())
        {
            if (context.Options.Json)
            {
                context.Json.Object(slot, static (json, s) => KeyReport.Members(json, s));
            }
            else
            {
                context.Out.WriteLine(KeyReport.Line(slot));
            }
        }

        return Outcome.Done;
    }
}
