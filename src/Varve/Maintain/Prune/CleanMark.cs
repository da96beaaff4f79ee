using System.Globalization;
using Varve.Maintain.Plan;
using Varve.Vault.Open;

namespace Varve.Maintain.Prune;

/// <summary>
/// What this machine remembers of a store in which a prune left nothing to do: while the listing stands for the same, nothing has to be
/// read. Losing it costs time. Stateless.
/// </summary>
internal static class CleanMark
{
    private const string File = "pruned";

    /// <summary>What was found then; null if something changed, or the options did.</summary>
    internal static PruneResult? Find(string cacheDirectory, string digest)
    {
        List<string> lines = CachedLines.Read(cacheDirectory, File);
        if (lines.Count != 4 || lines[0] != digest || !long.TryParse(lines[1], CultureInfo.InvariantCulture, out long snapshots)
            || Figures(lines[2]) is not { } data || Figures(lines[3]) is not { } meta)
        {
            return null;
        }

        return new PruneResult { Outcome = PruneOutcome.Done, Unchanged = true, Snapshots = snapshots, Data = data, Meta = meta };
    }

    /// <summary>Remembers it.</summary>
    internal static void Keep(string cacheDirectory, string digest, PruneResult result) => CachedLines.Write(cacheDirectory, File,
        [digest, result.Snapshots.ToString(CultureInfo.InvariantCulture), Text(result.Data), Text(result.Meta)]);

    private static string Text(PackFigures figures) =>
        string.Create(CultureInfo.InvariantCulture, $"{figures.Packs} {figures.Bytes} {figures.UsedBytes} {figures.LeftBytes}");

    private static PackFigures? Figures(string line)
    {
        string[] parts = line.Split(' ');
        var numbers = new long[4];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (parts.Length != numbers.Length || !long.TryParse(parts[i], CultureInfo.InvariantCulture, out numbers[i])) { return null; }
        }

        return new PackFigures { Packs = numbers[0], Bytes = numbers[1], UsedBytes = numbers[2], LeftBytes = numbers[3] };
    }
}
