namespace Varve.Model.Packs;

/// <summary>What a pack holds. The numbers are the format's (docs/format.md, 6).</summary>
internal enum PackKind : byte
{
    /// <summary>File content.</summary>
    Data = 1,
    /// <summary>Trees and lists.</summary>
    Meta = 2,
}
