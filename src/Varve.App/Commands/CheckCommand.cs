using System.CommandLine;
using Varve.App.Options;
using Varve.App.Output;
using Varve.Maintain;
using Varve.Repositories;

namespace Varve.App.Commands;

/// <summary><c>varve check</c>: is everything there and whole?</summary>
internal sealed class CheckCommand : VarveCommand
{
    private const int Printed = 100;

    private readonly Option<string> _readData = new("--read-data")
    {
        Description = "Read and verify the packs too, or PERCENT of them, chosen at random",
        HelpName = "PERCENT",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _workers;

    internal CheckCommand() : base("check", "Verify that the repository holds everything its snapshots refer to, undamaged.",
        "varve check", "varve check --read-data=10")
    {
        Options.Add(_readData);
        _workers = Value("--workers", "N", "Threads [default: one for each processor]");
    }

    internal override Outcome Run(ParseResult parse, CommandContext context)
    {
        string? percent = parse.GetValue(_readData);
        var options = new CheckOptions
        {
            ReadData = parse.GetResult(_readData) is not null,
            Percent = percent is null ? 100 : Numbers.Percent(percent, "--read-data"),
            Workers = Numbers.Whole(parse.GetValue(_workers), "--workers", 1, 256, otherwise: 0),
        };
        using Repository repository = context.Open();
        var monitor = new CheckMonitor();
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        CheckResult result;
        using (context.Progress(() => PositionOf(monitor.Read())))
        {
            result = Checker.Run(repository, options, monitor, cancellation);
        }

        if (context.Options.Json)
        {
            Json(context.Json, result);
        }
        else
        {
            Text(context.Out, result);
        }

        return result.DamageCount > 0 ? Outcome.Failed : Outcome.Done;
    }

    private static void Text(TextOutput output, CheckResult result)
    {
        output.WriteLine($"Checked {Human.Count(result.Objects, "object")}: {Human.Count(result.Packs, "pack")}, {Human.Count(result.Snapshots, "snapshot")}, "
            + $"{Human.Count(result.Chunks, "chunk")}; {Human.Size(result.BytesRead)} read");
        for (int i = 0; i < result.Damages.Count && i < Printed; i++)
        {
            Damage damage = result.Damages[i];
            output.WriteLine($"  damaged: {NameText.Printable(damage.Object)}: {NameText.Printable(damage.Problem)}");
            if (damage.Affects.Length > 0)
            {
                output.WriteLine($"           affects {NameText.Printable(damage.Affects)}");
            }
        }

        if (result.DamageCount > Math.Min(Printed, result.Damages.Count))
        {
            output.WriteLine($"  and {Human.Count(result.DamageCount - Math.Min(Printed, result.Damages.Count))} more");
        }

        foreach (string advice in result.Damages.Select(static d => AdviceText.Of(d.Advice, d.Subject)).OfType<string>().Distinct())
        {
            output.WriteLine("  what to do: " + NameText.Printable(advice));
        }

        foreach (string note in result.Notes)
        {
            output.WriteLine("  note: " + NameText.Printable(note));
        }

        output.WriteLine(result.DamageCount == 0 ? "No damage found." : $"{Human.Count(result.DamageCount, "problem")} found.");
    }

    private static void Json(JsonOutput output, CheckResult result) => output.Object(result, static (json, r) =>
    {
        json.WriteBoolean("ok", r.DamageCount == 0);
        json.WriteNumber("objects", r.Objects);
        json.WriteNumber("packs", r.Packs);
        json.WriteNumber("snapshots", r.Snapshots);
        json.WriteNumber("chunks", r.Chunks);
        json.WriteNumber("bytesRead", r.BytesRead);
        json.WriteNumber("damageCount", r.DamageCount);
        json.WriteStartArray("damages");
        foreach (Damage damage in r.Damages)
        {
            json.WriteStartObject();
            json.WriteString("object", damage.Object);
            json.WriteString("problem", damage.Problem);
            json.WriteString("affects", damage.Affects);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (string note in r.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
    });

    private static Position PositionOf(CheckProgress p) =>
        new(p.Phase, "trees", p.Trees, p.BytesRead, null, p.ExpectedBytes, 0);
}
