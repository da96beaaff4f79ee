using Varve.Compare.Run;

namespace Varve.Compare.Corpora;

/// <summary>
/// Small text files, 20 to a directory, 32 directories to the next: 1,000,000 files make 51,612 directories. 97 % of the sizes are
/// spread evenly by magnitude from 200 to 4,000 bytes, 3 % from 4,000 to 20,000. The same count gives the same tree.
/// </summary>
internal sealed class ManyCorpus : Corpus
{
    private const int PerDirectory = 20, PerParent = 32;

    /// <summary>How many files.</summary>
    public required int Count { get; init; }

    /// <inheritdoc/>
    protected override void Write(CommandRunner runner) =>
        Parallel.For(0, (Count + PerDirectory - 1) / PerDirectory, WriteDirectory);

    private void WriteDirectory(int directory)
    {
        int parent = directory / PerParent, top = parent / PerParent;
        string path = Path.Combine(Root, $"d{top:D3}", $"d{parent % PerParent:D2}", $"d{directory % PerParent:D2}");
        Directory.CreateDirectory(path);
        Span<byte> buffer = new byte[20_000];
        for (int i = directory * PerDirectory; i < Math.Min(Count, (directory + 1) * PerDirectory); i++)
        {
            var text = new TextSource((ulong)i);
            double from = 200, to = 4000;
            if (text.NextDouble() >= 0.97) { (from, to) = (4000, 20_000); }
            Span<byte> content = buffer[..(int)(from * Math.Pow(to / from, text.NextDouble()))];
            text.Fill(content);
            File.WriteAllBytes(Path.Combine(path, $"note-{i:D7}.txt"), content);
        }
    }
}
