using System.Globalization;
using Varve.Compare.Run;

namespace Varve.Compare.Corpora;

/// <summary>
/// No tree, but a repository whose index lists so many made-up chunks, written by the library itself (bench/Varve.Scale).
/// </summary>
internal sealed class ChunksCorpus : Corpus
{
    /// <summary>How many chunks.</summary>
    public required int Count { get; init; }

    /// <summary>The program that makes it.</summary>
    public required string Program { get; init; }

    /// <summary>Where its decrypted index lies.</summary>
    public string Cache => Path.Combine(Root, "cache");

    /// <inheritdoc/>
    public override string Unit => "chunks";

    /// <inheritdoc/>
    protected override void Write(CommandRunner runner)
    {
        Directory.CreateDirectory(Root);
        var command = new Command(Program, "make", Root, Count.ToString(CultureInfo.InvariantCulture));
        CommandResult result = runner.Run(command);
        if (!result.Succeeded) { throw new IOException($"{command}: {result.Failure}"); }
    }

    /// <inheritdoc/>
    protected override TreeSize Measure() => TreeSize.Of(Path.Combine(Root, "repository")) with { Files = Count };
}
