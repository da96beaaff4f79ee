namespace Varve.Maintain.Check;

/// <summary>
/// A directory on the way of a check: a name in another, so that what waits far down does not hold a whole path each. Immutable.
/// </summary>
internal sealed class CheckPath(CheckPath? parent, byte[] name)
{
    /// <summary>The source's root, whose path is empty.</summary>
    internal static CheckPath Root { get; } = new(null, []);

    /// <summary>The path, each name after a slash; <paramref name="below"/> is a name in it.</summary>
    internal byte[] ToBytes(ReadOnlySpan<byte> below = default)
    {
        int length = below.IsEmpty ? 0 : below.Length + 1;
        for (CheckPath p = this; p.Parent is not null; p = p.Parent) { length += p.Name.Length + 1; }
        var path = new byte[length];
        int at = length;
        if (!below.IsEmpty) { Put(below); }
        for (CheckPath p = this; p.Parent is not null; p = p.Parent) { Put(p.Name); }
        return path;

        void Put(ReadOnlySpan<byte> component)
        {
            at -= component.Length;
            component.CopyTo(path.AsSpan(at));
            path[--at] = (byte)'/';
        }
    }

    private CheckPath? Parent { get; } = parent;

    private byte[] Name { get; } = name;
}
