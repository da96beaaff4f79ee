using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>A pack as an index run lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes of the whole object.</param>
/// <param name="Kind">Data or meta.</param>
internal readonly record struct RunPack(ObjectName Name, long Size, PackKind Kind);
