using Varve.Compare.Corpora;
using Varve.Compare.Run;

namespace Varve.Compare.Measure;

/// <summary>
/// The library alone, on a repository of made-up chunks: varve-scale opens it as the program does. Beside it the same program doing
/// nothing, since the target is what opening adds to a program's start.
/// </summary>
internal sealed class ScaleParticipant(string tool, string program) : Participant
{
    private const int LookUps = 1_000_000;

    /// <inheritdoc/>
    public override string Tool => tool;

    /// <inheritdoc/>
    public override void TakeTurn(Round round)
    {
        if (round.Corpus is not ChunksCorpus corpus) { return; }
        string folder = corpus.Root, count = $"{corpus.Count}";
        Command open = new(program, "open", folder, count);
        round.Remove(corpus.Cache); // another program may have made it
        if (round.Wants(Row.FirstOpen)) { round.Measure(Tool, open, Row.FirstOpen); }

        // Once more where that was not asked for: the others are measured with a cache.
        if (!round.Prepare(Tool, open, Row.Open, Row.LookUp, Row.Locate)) { return; }
        if (round.Wants(Row.Start)) { round.MeasureQuick(Tool, () => new Command(program, "start"), Row.Start); }
        if (round.Wants(Row.Open)) { round.MeasureQuick(Tool, () => open, Row.Open); }
        if (round.Wants(Row.LookUp) || round.Wants(Row.Locate))
        {
            round.MeasureWithin(Tool, new Command(program, "lookup", folder, count, $"{LookUps}"), (Row.LookUp, "seconds_each"),
                (Row.Locate, "seconds_each_where"));
        }
    }
}
