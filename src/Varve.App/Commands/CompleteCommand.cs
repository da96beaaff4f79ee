using System.Text;
using Varve.App.Completion;
using Varve.App.Invocation;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.History;

namespace Varve.App.Commands;

/// <summary>
/// <c>varve complete</c>: offers for a shell, one a line, each with a tab and what it is. Somebody is typing: whatever is wrong is no offer
/// and no message, and what takes too long is not waited for.
/// </summary>
internal static class CompleteCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string kind = values.Argument(CompleteSettings.Kind)!;
        var line = new TypedLine(values.Arguments(CompleteSettings.Line));
        List<Offer> offers;
        try { offers = Offers(kind, line, context); }
        catch (Exception e) when (e is VarveException or OperationCanceledException) { return Outcome.Done; }
        foreach (Offer offer in offers)
        {
            // Shells take lines, and a terminal must not take a name for a command of its own.
            if (!IsPlain(offer.Word)) { continue; }
            context.Out.WriteBytes(offer.Word);
            context.Out.WriteLine("\t" + offer.Text);
        }

        return Outcome.Done;
    }

    private static List<Offer> Offers(string kind, TypedLine line, CommandContext context)
    {
        GlobalOptions options = GlobalOptions.Resolve(line.Before.Values, context.Environment);
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Home(options.Repository, context)));
        using CatalogHints? hints = CatalogHints.TryOpen(Home(options.CacheRoot, context), place);
        if (hints is null) { return []; }
        var offers = new CatalogOffers(hints, context.Time.LocalTimeZone, line.Value(SourceSettings.Source.Name));
        return
        [
            .. kind switch
            {
                CompleteSettings.Snapshots => offers.Snapshots(line.Word),
                CompleteSettings.SnapshotPaths => offers.SnapshotPaths(line.Word),
                CompleteSettings.Paths when line.Snapshot is { } snapshot => offers.Paths(snapshot, "", RawArguments.ToBytes(line.Word)),
                CompleteSettings.Sources => offers.Sources(line.Word),
                _ => [],
            },
        ];
    }

    // The shell has not yet said what '~' is.
    private static string Home(string path, CommandContext context) =>
        path.StartsWith("~/", StringComparison.Ordinal) && context.Environment("HOME") is { } home ? home + path[1..] : path;

    private static bool IsPlain(byte[] word)
    {
        for (ReadOnlySpan<byte> rest = word; !rest.IsEmpty;)
        {
            _ = Rune.DecodeFromUtf8(rest, out Rune rune, out int length);
            if (Rune.IsControl(rune)) { return false; }
            rest = rest[length..];
        }

        return true;
    }
}
