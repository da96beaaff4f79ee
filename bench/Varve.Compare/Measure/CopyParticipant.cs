using Varve.Compare.Run;
using Varve.Compare.Tools;

namespace Varve.Compare.Measure;

/// <summary><c>cp -a</c>, beside the first backup, which reads as much, and the restore, which writes as much.</summary>
internal sealed class CopyParticipant : Participant
{
    /// <inheritdoc/>
    public override string Tool => ToolNames.Copy;

    /// <inheritdoc/>
    public override void TakeTurn(Round round)
    {
        bool isCold = round.Wants(Row.ColdFirst);
        if (!isCold && !round.Wants(Row.First) && !round.Wants(Row.Restore)) { return; }
        round.Remove(round.Scratch);
        Directory.CreateDirectory(round.Scratch);
        var copy = new Command("cp", "-a", round.Corpus.Root, round.Scratch);
        if (isCold) { round.MeasureCold(ToolNames.Copy, copy, Row.ColdFirst); }
        else { round.Measure(ToolNames.Copy, copy, Row.First, Row.Restore); }
        round.Remove(round.Scratch);
    }
}
