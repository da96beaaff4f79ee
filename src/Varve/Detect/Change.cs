namespace Varve.Detect;

/// <summary>What became of an entry since its known state.</summary>
internal enum Change : byte
{
    /// <summary>There was nothing of that name, or something of another kind.</summary>
    New = 1,
    /// <summary>The content differs, or (from <see cref="ChangePredicate.Compare"/>) may differ: it has to be read to know.</summary>
    Changed = 2,
    /// <summary>The content is the same, or the kind has none; metadata differs or may differ.</summary>
    MetadataOnly = 3,
    /// <summary>Nothing differs.</summary>
    Unchanged = 4,
    /// <summary>It was there and is no more.</summary>
    Gone = 5,
}
