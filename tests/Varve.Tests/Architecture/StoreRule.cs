using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>The store keeps named objects and knows nothing of what is in them.</summary>
internal static partial class StoreRule
{
    /// <summary>Every identifier or text of the store that names something the repository keeps in it.</summary>
    public static IEnumerable<Violation> Check(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Folder == "Store"
        from Match match in Words().Matches(file.WithLiterals)
        select file.At(match.Index, $"the store speaks of '{match.Value}'");

    [GeneratedRegex(@"\b\w*(?:Pack|Chunk|Extent|Snapshot|EntryTable|BlockLocation|IndexRun)\w*|""(?:packs|index|snapshots|keys|condemned)\b")]
    private static partial Regex Words();
}
