using Varve.Platform.Files;
using Varve.Tree;

namespace Varve.Backup.Trees;

/// <summary>The system's names of owners, as trees want them. Thread-safe.</summary>
internal sealed class OwnerNamesOfSystem : IOwnerNames
{
    private readonly OwnerNames _names = new();

    /// <inheritdoc/>
    public ReadOnlySpan<byte> User(uint uid) => _names.User(uid);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Group(uint gid) => _names.Group(gid);
}
