namespace Varve.Tree;

/// <summary>Resolves owners to names while a tree is written. Called once for each owner of a leaf.</summary>
internal interface IOwnerNames
{
    /// <summary>The user's name, or empty if unknown. Valid until the next call.</summary>
    ReadOnlySpan<byte> User(uint uid);

    /// <summary>The group's name, or empty if unknown. Valid until the next call.</summary>
    ReadOnlySpan<byte> Group(uint gid);
}
