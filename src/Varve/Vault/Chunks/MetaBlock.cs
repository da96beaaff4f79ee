using Varve.Model;

namespace Varve.Vault.Chunks;

/// <summary>A decoded block of meta chunks. All but <see cref="Raw"/>'s bytes is guarded by its reader's lock.</summary>
internal sealed class MetaBlock
{
    /// <summary>The block's bytes, and perhaps some of an earlier one's behind them.</summary>
    internal byte[] Raw { get; set; } = [];

    internal (ObjectName Pack, uint Number) Key { get; set; }

    /// <summary>Scopes that have not released it.</summary>
    internal int Users { get; set; }

    /// <summary>Handed to somebody who does not say when done: its buffer never serves again.</summary>
    internal bool Escaped { get; set; }
}
