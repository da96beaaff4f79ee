namespace Varve.Model.Packs;

/// <summary>How a block's payload is encoded. The numbers are the format's (docs/format.md, 6).</summary>
internal enum Codec : byte
{
    /// <summary>As it is.</summary>
    Raw = 0,
    /// <summary>One zstd frame.</summary>
    Zstd = 1,
}
