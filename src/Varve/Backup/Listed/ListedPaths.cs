using System.Globalization;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Platform;

namespace Varve.Backup.Listed;

/// <summary>
/// The paths that a run is of, where somebody lists them, by their places in the source; and which of them were seen. Asking is
/// thread-safe, and so is telling: of one directory one thread tells at a time.
/// </summary>
internal sealed class ListedPaths
{
    private const byte Seen = 1, Visited = 2, Other = 4, Start = 8; // Other: no directory

    private readonly PathSelection _selection;
    private readonly PathSet _paths;
    private readonly (int Path, byte[] Below)[] _starts;
    private readonly byte[] _states; // by path

    private ListedPaths(PathSelection selection, (int Path, byte[] Below)[] starts)
    {
        (_selection, _paths, _starts) = (selection, selection.Paths, starts);
        _states = new byte[_paths.Count];
        foreach ((int path, _) in starts) { _states[path] = Start; }
    }

    /// <summary>What is listed, as a source has it.</summary>
    /// <param name="selection">What is listed.</param>
    /// <param name="starts">Absolute paths by which parts of the source are known, and where they lie in it.</param>
    /// <exception cref="VarveException">Usage: some of it lies in none of these.</exception>
    internal static ListedPaths In(PathSelection selection, IEnumerable<(byte[] Path, byte[] Below)> starts)
    {
        var found = new List<(int Path, byte[] Below)>();
        foreach ((byte[] path, byte[] below) in starts)
        {
            int start = selection.Paths.Find(0, path.AsSpan().Trim((byte)'/'));
            bool isNew = start >= 0 && !found.Exists(f => f.Path == start && f.Below.AsSpan().SequenceEqual(below));
            if (isNew) { found.Add((start, below)); }
        }

        var listed = new ListedPaths(selection, [.. found]);
        listed.RequireAllWithin();
        return listed;
    }

    /// <summary>Whether a path of the source is one of them, or a directory that leads to one.</summary>
    internal bool Includes(ReadOnlySpan<byte> path, EntryKind kind)
    {
        foreach ((int start, byte[] below) in _starts)
        {
            int found = Find(path, start, below, out bool isAbove);
            if (isAbove || (found >= 0 && (kind == EntryKind.Directory || _selection.IsListed(found)))) { return true; }
        }

        return false;
    }

    /// <summary>An entry is there.</summary>
    internal void See(ReadOnlySpan<byte> path, EntryKind kind) =>
        Mark(path, kind == EntryKind.Directory ? Seen : (byte)(Seen | Other));

    /// <summary>A directory was listed: what was not seen in it is not there.</summary>
    internal void Visit(ReadOnlySpan<byte> path) => Mark(path, Seen | Visited);

    /// <summary>
    /// Tells of each listed path that is not there. What lies in a directory that was left out, or could not be listed, is not told.
    /// </summary>
    internal void FailMissing(Action<Failure> fail)
    {
        for (int i = 0; i < _states.Length; i++)
        {
            if ((_states[i] & (Seen | Start)) != 0 || !_selection.IsListed(i)) { continue; }
            int above = i;
            while ((_states[above] & (Seen | Start)) == 0) { above = _paths.Parent(above); }
            if ((_states[above] & (Visited | Other)) == 0) { continue; }
            (byte[] path, int errno) = (PlaceOf(i), (_states[above] & Other) != 0 ? Errno.ENOTDIR : Errno.ENOENT);
            fail(new Failure(path, FailedOperation.Stat, errno, "is listed and not there: " + Errno.Message(errno)));
        }
    }

    private void Mark(ReadOnlySpan<byte> path, byte state)
    {
        foreach ((int start, byte[] below) in _starts)
        {
            if (Find(path, start, below, out _) is var found and >= 0) { _states[found] |= state; }
        }
    }

    /// <summary>
    /// The number of a path, by one of its names; -1 if it is not listed. What leads to a part that is read elsewhere has none.
    /// </summary>
    private int Find(ReadOnlySpan<byte> path, int start, byte[] below, out bool isAbove)
    {
        isAbove = below.Length > path.Length && below.AsSpan().StartsWith(path) && (path.IsEmpty || below[path.Length] == (byte)'/');
        if (isAbove || !path.StartsWith(below)) { return -1; }
        if (path.Length == below.Length) { return start; }
        if (below.Length == 0) { return _paths.Find(start, path); }
        return path[below.Length] == (byte)'/' ? _paths.Find(start, path[(below.Length + 1)..]) : -1;
    }

    private byte[] PlaceOf(int path)
    {
        int start = path;
        while ((_states[start] & Start) == 0) { start = _paths.Parent(start); }
        byte[] below = _starts.First(s => s.Path == start).Below, rest = _paths.PathOf(path, start);
        return below.Length == 0 ? rest : rest.Length == 0 ? below : [.. below, (byte)'/', .. rest];
    }

    private void RequireAllWithin()
    {
        var isWithin = new bool[_states.Length];
        (long outside, int first) = (0, 0);
        for (int i = 0; i < _states.Length; i++)
        {
            isWithin[i] = (_states[i] & Start) != 0 || (i > 0 && isWithin[_paths.Parent(i)]);
            if (isWithin[i] || !_selection.IsListed(i)) { continue; }
            first = outside++ == 0 ? i : first;
        }

        if (outside == 0) { return; }
        string others = outside == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", and neither do {outside - 1} others");
        throw new VarveException(ErrorKind.Usage, Subject.Path([(byte)'/', .. _paths.PathOf(first)]),
            $"is listed and does not lie in the source{others}", Advice.ListWithinSource);
    }
}
