using Varve.Compare.Run;
using Varve.Compare.Tools;

namespace Varve.Compare.Measure;

/// <summary><c>tar | zstd -3</c>, with one thread or with one per core, beside the first backup and the stored bytes.</summary>
internal sealed class TarParticipant(bool threads) : Participant
{
    private const string Script = """tar -C "$1" -cf - "$2" | zstd -q -3 "$4" -o "$3" """;

    /// <inheritdoc/>
    public override string Tool => ToolNames.Tar;

    /// <inheritdoc/>
    public override void TakeTurn(Round round)
    {
        if (!round.Wants(Row.First) && !round.Wants(Row.Stored)) { return; }
        string tool = threads ? ToolNames.TarThreads : ToolNames.Tar;
        string root = round.Corpus.Root, file = Path.Combine(round.Scratch, "archive.tar.zst");
        round.Remove(round.Scratch);
        Directory.CreateDirectory(round.Scratch);
        Command command = Command.Shell(Script, Path.GetDirectoryName(root)!, Path.GetFileName(root), file, threads ? "-T0" : "-T1");
        if (round.Measure(tool, command, Row.First) && round.Wants(Row.Stored))
        {
            round.Results.Of(round.Measured, Row.Stored, tool).Add(new FileInfo(file).Length, round.Counts);
        }

        round.Remove(round.Scratch);
    }
}
