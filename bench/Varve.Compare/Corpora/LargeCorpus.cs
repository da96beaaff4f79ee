using Varve.Compare.Run;

namespace Varve.Compare.Corpora;

/// <summary>Large files of the same random bytes.</summary>
internal sealed class LargeCorpus : Corpus
{
    private const int Step = 4 << 20;

    /// <summary>The files' names: each holds the same.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Bytes of each.</summary>
    public required long Length { get; init; }

    /// <inheritdoc/>
    protected override void Write(CommandRunner runner)
    {
        Directory.CreateDirectory(Root);
        foreach (string name in Names)
        {
            var random = new Random(42);
            var buffer = new byte[Step];
            using FileStream file = File.Create(Path.Combine(Root, name), bufferSize: 0);
            for (long left = Length; left > 0; left -= Step)
            {
                random.NextBytes(buffer);
                file.Write(buffer, 0, (int)Math.Min(left, Step));
            }
        }
    }

    /// <summary>1 % of the bytes of the first file, in one place in its middle.</summary>
    protected override Changes ChangePercent()
    {
        var changes = new Changes();
        changes.Scramble(Path.Combine(Root, Names[0]), Length / 2, (int)(Length / 100), seed: 43);
        return changes;
    }
}
