using System.Text;
using Varve.Model;

namespace Varve.Freeze;

/// <summary>
/// The file system snapshots of one run: taken when it begins, removed when it is disposed. Each has a record on disk before it is made, so
/// that what a killed run left behind is removed by a later one (<see cref="Leftovers"/>). A volume is frozen once, however many roots lie
/// on it. Not thread-safe.
/// </summary>
internal sealed class FrozenVolumes : IDisposable
{
    /// <summary>What is asked, and what has been found so far.</summary>
    private sealed record Search(byte[] Root, bool Nested, IReadOnlyList<MountEntry> Mounts, List<FrozenPlace> Places);

    private const string ReadLive = "is read live, without a snapshot";

    private readonly FreezeMethod _method;
    private readonly string _folder;
    private readonly Action<Notice> _note, _warn;
    private readonly IReadOnlyList<IFreezer> _providers;
    private readonly Dictionary<string, byte[]> _places = new(StringComparer.Ordinal);
    private readonly List<(RecordFile Record, IFreezer Provider)> _taken = [];

    /// <summary>Creates it; nothing is frozen yet.</summary>
    /// <param name="method">How; not None.</param>
    /// <param name="folder">Where records and mount points lie.</param>
    /// <param name="tool">Runs programs.</param>
    /// <param name="note">Hears what is read live after all, and why.</param>
    /// <param name="warn">Hears what could not be removed.</param>
    public FrozenVolumes(FreezeMethod method, string folder, Tool tool, Action<Notice> note, Action<Notice> warn)
    {
        _method = method;
        _folder = folder;
        _note = note;
        _warn = warn;
        _providers = All(tool);
    }

    /// <summary>Every method there is, the better ones first.</summary>
    public static IReadOnlyList<IFreezer> All(Tool tool) => [new BtrfsFreezer(tool), new ZfsFreezer(tool), new LvmFreezer(tool)];

    /// <summary>
    /// Whether there is a method for what a path lies on, as far as can be told without trying. <paramref name="path"/> is absolute and
    /// without symlinks.
    /// </summary>
    public static bool IsPossible(ReadOnlySpan<byte> path, Tool tool)
    {
        MountEntry mount = MountTable.Read().Of(path);
        return All(tool).Any(p => p.Handles(mount));
    }

    /// <summary>
    /// Freezes what <paramref name="root"/>, absolute and without symlinks, lies on, and with <paramref name="nested"/> what is seen below
    /// it: nested subvolumes, and other file systems mounted there, frozen where that can be done. Returns where to read: the root's place
    /// first, then those below it that are not part of their parent's place, outer ones first. Without <paramref name="nested"/> these are
    /// the live ones, so that a caller who does not enter them can tell what they are.
    /// </summary>
    /// <exception cref="VarveException">The method was asked for by name, and the root cannot be frozen by it.</exception>
    public IReadOnlyList<FrozenPlace> Freeze(ReadOnlySpan<byte> root, bool nested)
    {
        MountTable mounts = MountTable.Read();
        byte[] own = Encoding.UTF8.GetBytes(_folder);
        var search = new Search(root.ToArray(), nested, [.. mounts.Below(root).Where(m => !Paths.IsAtOrBelow(m.Place, own))], []);
        if (!TryFreeze(mounts.Of(root), root, search, required: _method != FreezeMethod.Auto))
        {
            search.Places.Add(new FrozenPlace([], search.Root, IsFrozen: false));
        }
        foreach (MountEntry mount in search.Mounts)
        {
            if (nested && TryFreeze(mount, mount.Place, search, required: false)) { continue; }
            // In a frozen place the mount point is an empty directory; in a live one the mount is seen anyway.
            byte[] below = Paths.Below(mount.Place, root).ToArray();
            if (Parent(search.Places, below).IsFrozen) { search.Places.Add(new FrozenPlace(below, mount.Place, IsFrozen: false)); }
        }

        search.Places.Sort(static (a, b) => a.Below.AsSpan().SequenceCompareTo(b.Below));
        return search.Places;
    }

    /// <summary>Removes all snapshots, the last first. What cannot be removed is warned of and left to the next run.</summary>
    public void Dispose()
    {
        for (int i = _taken.Count - 1; i >= 0; i--) { Leftovers.Remove(_taken[i].Record, _taken[i].Provider, _warn, _note); }
        _taken.Clear();
        _places.Clear();
    }

    /// <summary>
    /// Adds the places of one mount, as far as it is seen at or below <paramref name="path"/>. False if it is to be read live.
    /// </summary>
    private bool TryFreeze(MountEntry mount, ReadOnlySpan<byte> path, Search search, bool required)
    {
        IFreezer? provider = _providers.FirstOrDefault(p => (_method == FreezeMethod.Auto || p.Method == _method) && p.Handles(mount));
        string where = $"{PathText.Of(path)} ({mount.Type} on {mount.Source})";
        if (provider is null)
        {
            if (required)
            {
                throw new VarveException(ErrorKind.Unsupported, Subject.Volume(where),
                    $"cannot take a snapshot of it with {_method.ToString().ToLowerInvariant()}", Advice.TakeAnyMethod);
            }

            if (path.Length == search.Root.Length)
            {
                _note(new Notice(Subject.Volume(where), $"{ReadLive}: it has none of btrfs, ZFS and LVM"));
            }
            return false;
        }

        var found = new List<FrozenPlace>();
        try
        {
            byte[] inside = mount.Inside(path);
            foreach (Volume volume in provider.VolumesOf(mount, inside))
            {
                bool holder = found.Count == 0;
                byte[] seen = holder ? [] : Paths.Below(volume.Inside, inside).ToArray();
                byte[] live = Paths.Join(path, seen);
                if (!holder && IsHidden(live, mount, search.Mounts)) { continue; }
                byte[] below = Paths.Below(live, search.Root).ToArray();
                if (!holder && !search.Nested)
                {
                    found.Add(new FrozenPlace(below, live, IsFrozen: false));
                    continue;
                }

                byte[] frozen = FreezeOnce(provider, volume);
                found.Add(new FrozenPlace(below, holder ? Paths.Join(frozen, Paths.Below(inside, volume.Inside)) : frozen, IsFrozen: true));
            }
        }
        catch (VarveException e) when (!required)
        {
            _note(new Notice(Subject.Volume(where), ReadLive, e, e.Advice));
            // Those of its volumes that are frozen would be of another moment than the rest.
            return false;
        }

        search.Places.AddRange(found);
        return true;
    }

    /// <summary>Whether something is mounted over a path in a mount: it is not seen then.</summary>
    private static bool IsHidden(byte[] path, MountEntry mount, IReadOnlyList<MountEntry> mounted) =>
        mounted.Any(m => m.Place.Length > mount.Place.Length && Paths.IsAtOrBelow(m.Place, mount.Place)
        && Paths.IsAtOrBelow(path, m.Place));

    private byte[] FreezeOnce(IFreezer provider, Volume volume)
    {
        string key = $"{provider.Method} {volume.Id} {Convert.ToHexString(volume.Inside)}";
        if (_places.TryGetValue(key, out byte[]? place)) { return place; }
        string name = FreezeName.Create();
        RecordFile record = RecordFile.Create(new FreezeRecord(provider.Method, name, volume.Id, Path.Combine(_folder, name)));
        _taken.Add((record, provider));
        return _places[key] = provider.Take(record.Record!, volume);
    }

    private static FrozenPlace Parent(List<FrozenPlace> places, ReadOnlySpan<byte> below)
    {
        FrozenPlace parent = places[0];
        foreach (FrozenPlace place in places)
        {
            if (place.Below.Length == 0 || place.Below.Length < parent.Below.Length) { continue; }
            if (below.StartsWith(place.Below) && below.Length > place.Below.Length && below[place.Below.Length] == (byte)'/')
            {
                parent = place;
            }
        }

        return parent;
    }
}
