namespace Varve.Model.Packs;

/// <summary>A finished pack: its name, size and what its footer lists. What an index run is made of.</summary>
/// <param name="Name">SHA-256 of the pack's bytes.</param>
/// <param name="Kind">Data or meta.</param>
/// <param name="Size">Bytes of the whole object.</param>
/// <param name="Blocks">In order.</param>
internal sealed record PackContents(ObjectName Name, PackKind Kind, long Size, IReadOnlyList<PackedBlock> Blocks);
