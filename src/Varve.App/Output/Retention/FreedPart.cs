using Varve.Maintain.Forget;

namespace Varve.App.Output.Retention;

/// <summary>What forgetting frees, and where that was found.</summary>
internal sealed class FreedPart
{
    private readonly FreedSpace _freed;

    private FreedPart(FreedSpace freed) => _freed = freed;

    public long Bytes => _freed.Bytes;
    public long StoredBytes => _freed.StoredBytes;
    public int SourcesFromCatalog => _freed.FromCatalog;
    public int SourcesFromTrees => _freed.FromTrees;

    /// <summary>Null for what was not counted.</summary>
    internal static FreedPart? Of(FreedSpace? freed) => freed is null ? null : new FreedPart(freed);

    /// <summary>The same for people.</summary>
    internal string Line(bool isDryRun) =>
        $"{Human.Size(Bytes)} of content, {Human.Size(StoredBytes)} as stored, {(isDryRun ? "would be" : "is")} in no other snapshot: "
        + "a prune frees it. "
        + (SourcesFromTrees == 0 ? "The catalog told so"
        : SourcesFromCatalog == 0 ? "The trees in the repository told so"
        : $"The catalog told so of {Human.Count(SourcesFromCatalog, "source")}, the trees in the repository of {Human.Count(SourcesFromTrees)}");
}
