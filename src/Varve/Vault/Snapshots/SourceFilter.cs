namespace Varve;

/// <summary>What somebody says of the sources that are meant; nothing: all of them.</summary>
public record SourceFilter
{
    /// <summary>Only of that name; or with that root, an absolute path; or whose id begins so.</summary>
    public string? Source { get; init; }

    /// <summary>Only of that host.</summary>
    public string? Host { get; init; }

    /// <summary>
    /// Only as that writer recorded them: the label of its key, or the first digits of its id, at least 4; <see cref="Unsigned"/> for what
    /// nobody signed.
    /// </summary>
    public string? Writer { get; init; }

    /// <summary>The word for the writer of what is not signed, or signed falsely.</summary>
    public const string Unsigned = "nobody";

    /// <summary>Whether all sources are meant.</summary>
    internal bool IsAll => Source is null && Host is null && Writer is null;
}
