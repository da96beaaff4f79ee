using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Walk;

namespace Varve.Backup.Layers;

/// <summary>
/// What one root of a source has of one directory of the merged tree: how to open it, and once that is done its handle. Or, for a root that
/// lies further down, only that something of it lies below. Used by one thread.
/// </summary>
internal sealed class LayerPart
{
    private readonly DirectoryHandle? _above; // held, until it is opened
    private readonly byte[]? _name;
    private readonly SourceRoot? _place;
    private readonly int _depth;
    private readonly List<(int At, byte[][] Path, SourceRoot Root)> _mounts;

    private LayerPart(SourceLayer layer, int depth, List<(int At, byte[][] Path, SourceRoot Root)> mounts, SourceRoot? place,
        LayerPart? above, byte[]? name, ulong device, ulong mountKey)
    {
        Layer = layer;
        // On the way there is none.
        Path = place?.RealPath ?? (name is null ? [] : Freeze.Paths.Join(above!.Path, name));
        Device = device;
        MountKey = mountKey;
        (_depth, _mounts, _place, _above, _name) = (depth, mounts, place, above?.Handle, name);
        _above?.AddRef();
    }

    /// <summary>Its absolute path where it is read.</summary>
    internal byte[] Path { get; }

    internal SourceLayer Layer { get; }

    /// <summary>The file system it lies on.</summary>
    internal ulong Device { get; }

    /// <summary>See <see cref="DirectoryNode.MountKey"/>.</summary>
    internal ulong MountKey { get; }

    /// <summary>The root lies further down: it has nothing of this directory itself.</summary>
    internal bool IsOnTheWay => _depth < Layer.Below.Length;

    /// <summary>A directory like any other, with nothing mounted in it: a plain walk can do the rest.</summary>
    internal bool IsPlain => !IsOnTheWay && _place is null && _mounts.Count == 0;

    /// <summary>Open; null for one on the way, and before <see cref="Open"/>.</summary>
    internal DirectoryHandle? Handle { get; private set; }

    /// <summary>For one on the way: the name of what it has here.</summary>
    internal byte[] Next => Layer.Below[_depth];

    /// <summary>Names below which something is mounted, with the root of what is mounted at the name itself, or null.</summary>
    internal IEnumerable<(byte[] Name, SourceRoot? Root)> Mounts =>
        _mounts.Select(static m => (m.Path[m.At], m.At + 1 == m.Path.Length ? m.Root : null));

    /// <summary>A layer's part of the canonical root.</summary>
    internal static LayerPart Top(SourceLayer layer, ulong mountKey) =>
        new(layer, 0, [.. layer.Mounts.Select(static m => (0, m.Path, m.Root))], layer.Below.Length == 0 ? layer.Root : null, null, null,
        layer.Root.Stat.Device, mountKey);

    /// <summary>Its part of the child directory <paramref name="name"/>, whose path is <paramref name="path"/>.</summary>
    internal LayerPart Child(ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> path)
    {
        if (IsOnTheWay)
        {
            return new LayerPart(Layer, _depth + 1, _mounts, _depth + 1 == Layer.Below.Length ? Layer.Root : null, null, null, Device,
                MountKey);
        }
        var below = new List<(int, byte[][], SourceRoot)>();
        SourceRoot? place = null;
        foreach ((int at, byte[][] full, SourceRoot root) in _mounts)
        {
            if (!name.SequenceEqual(full[at])) { continue; }
            if (at + 1 == full.Length) { place = root; } else { below.Add((at + 1, full, root)); }
        }

        byte[] own = name.ToArray();
        return new LayerPart(Layer, _depth, below, place, this, own, stat.Device, IsOn(in stat) ? MountKey : MountKeys.Of(path));
    }

    /// <summary>Whether a child directory has this directory's mount key.</summary>
    internal bool IsOn(in EntryStat child) => IsOnTheWay || child.Device == Device;

    /// <summary>Opens it. 0 or an error number; nothing to do for one on the way.</summary>
    internal int Open()
    {
        int errno = 0;
        if (IsOnTheWay) { return 0; }
        Handle = _place is not null ? DirectoryHandle.Open(_place.RealPath, out errno)
            : DirectoryHandle.OpenChild(_above!, _name, null, out errno);
        return errno;
    }

    /// <summary>Gives back every handle. Once.</summary>
    internal void Release()
    {
        Handle?.Release();
        _above?.Release();
    }
}
