using Varve.Tree;

namespace Varve.Tests.Golden;

/// <summary>The owners of docs/vectors.json: user 4,711 and group 0 have no name.</summary>
internal sealed class VectorOwners : IOwnerNames
{
    public ReadOnlySpan<byte> User(uint uid) => uid switch { 0 => "root"u8, 1_000 => "ada"u8, _ => default };

    public ReadOnlySpan<byte> Group(uint gid) => gid == 1_000 ? "users"u8 : default;
}
