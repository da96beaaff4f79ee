using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Maintain.Check;

/// <summary>What checking a pack needs. Not thread-safe.</summary>
internal sealed class PackBuffers
{
    internal FooterBuffers Footer { get; } = new();

    internal BlockBuffers Block { get; } = new();
}
