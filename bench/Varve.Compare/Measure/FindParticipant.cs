using Varve.Compare.Run;
using Varve.Compare.Tools;

namespace Varve.Compare.Measure;

/// <summary><c>find TREE -size +100000k</c>: looks at every file once, as any tool that finds changes by stat must.</summary>
internal sealed class FindParticipant : Participant
{
    /// <inheritdoc/>
    public override string Tool => ToolNames.Find;

    /// <inheritdoc/>
    public override void TakeTurn(Round round)
    {
        var find = new Command("find", round.Corpus.Root, "-size", "+100000k");
        if (round.Wants(Row.Unchanged)) { round.MeasureQuick(ToolNames.Find, () => find, Row.Unchanged); }
        if (round.Wants(Row.ColdUnchanged)) { round.MeasureCold(ToolNames.Find, find, Row.ColdUnchanged); }
    }
}
