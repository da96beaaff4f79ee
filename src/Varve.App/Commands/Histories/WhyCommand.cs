using Varve.App.Invocation;
using Varve.App.Output.Changes;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.History;
using Varve.History.Revisions;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve why</c>: whether a path is saved, and why not.</summary>
internal static class WhyCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        byte[][] paths = [.. values.Arguments(EntryHistorySettings.AskedPaths).Select(static p => Texts.FullBytes(p, "the path"))];
        if (paths.Length == 0) { throw LineErrors.Of(EntryHistorySettings.Why, "PATH is missing"); }
        CancellationToken stop = context.CancelOnSignal("stopping");
        using Repository repository = context.Open();
        using PathStories stories = repository.PathStories(values.Filter(), stop);
        bool isSaved = true;
        foreach (byte[] path in paths)
        {
            PathStory story = stories.Of(path);
            isSaved &= story.IsSaved;
            context.Results.Write(new WhyReport(story));
        }

        return isSaved ? Outcome.Done : Outcome.Failed;
    }
}
