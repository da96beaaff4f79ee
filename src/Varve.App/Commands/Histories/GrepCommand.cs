using System.Text.RegularExpressions;
using Varve.App.Invocation;
using Varve.App.Output.Changes;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.History.Content;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve grep</c>: lines of every content that a file has had.</summary>
internal static class GrepCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        LineMatcher matcher = Matcher(
            values.Argument(GrepSettings.Text)!, values.Has(GrepSettings.Regex), values.Has(GrepSettings.IgnoreCase));
        byte[] path = RawArguments.ToBytes(Texts.PathFromHere(values.Argument(GrepSettings.Path)!));
        long found = 0, damaged = 0;
        using Repository repository = context.Open();
        int looked = repository.SearchContent(path, values.Filter(), matcher, match =>
        {
            found++;
            context.Results.Write(new MatchReport(match));
        }, e =>
        {
            damaged++;
            context.Warn(Notice.Of(e));
        }, context.CancelOnSignal("stopping"));
        if (found == 0) { context.Say(looked == 0 ? "it is no file in any snapshot" : "no line of it has that in any snapshot"); }
        return damaged > 0 ? Outcome.Incomplete : found == 0 ? Outcome.Failed : Outcome.Done;
    }

    private static LineMatcher Matcher(string text, bool isRegex, bool ignoreCase) => isRegex || ignoreCase
        ? new LineMatcher(FindRequest.Expression(isRegex ? text : Regex.Escape(text), ignoreCase))
        : new LineMatcher(RawArguments.ToBytes(text));
}
