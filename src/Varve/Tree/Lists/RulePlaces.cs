using Varve.Model.Bytes;
using Varve.Model.Snapshots;

namespace Varve.Tree.Lists;

/// <summary>
/// Where the rules of a mark list stand, in a snapshot's private part (docs/format.md, 9, tag 13). Stateless, thread-safe.
/// </summary>
internal static class RulePlaces
{
    private static readonly Subject s_what = Subject.PartOnly("where rules stand");

    /// <summary>The files and lines of rules, in their order; null if none stands in a file.</summary>
    internal static byte[]? Encode(IReadOnlyList<ExcludeRule> rules)
    {
        var files = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ExcludeRule rule in rules)
        {
            if (rule.File is { } file && numbers.TryAdd(file, files.Count + 1)) { files.Add(file); }
        }

        if (files.Count == 0) { return null; }
        var writer = new ByteWriter();
        writer.VarInt((uint)files.Count);
        foreach (string file in files) { writer.Text(file); }
        foreach (ExcludeRule rule in rules)
        {
            writer.VarInt(rule.File is { } file ? (uint)numbers[file] : 0);
            if (rule.File is not null) { writer.VarInt((ulong)rule.Line); }
        }

        return writer.ToArray();
    }

    /// <summary>The rules with their places; those that are told nothing of have none.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static IReadOnlyList<ExcludeRule> Apply(ReadOnlySpan<byte> places, IReadOnlyList<ExcludeRule> rules)
    {
        if (places.IsEmpty) { return rules; }
        var reader = new ByteReader(places, s_what);
        var files = new string[reader.Count(1)];
        for (int i = 0; i < files.Length; i++) { files[i] = System.Text.Encoding.UTF8.GetString(reader.Bytes()); }
        var placed = new List<ExcludeRule>(rules.Count);
        foreach (ExcludeRule rule in rules)
        {
            uint file = reader.Remaining == 0 ? 0 : reader.VarInt32();
            if (file > files.Length) { throw reader.Damaged("a rule stands in a file that is not there"); }
            placed.Add(file == 0 ? rule : rule with { File = files[file - 1], Line = reader.VarInt63() });
        }

        return placed;
    }
}
