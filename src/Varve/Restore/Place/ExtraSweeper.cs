using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Restore.Resume;
using Varve.Restore.Target;

namespace Varve.Restore.Place;

/// <summary>
/// Removes from the target what the snapshot has not. It follows no link, goes across no mount, and asks of each path, also below a
/// directory that is to go, whether it may. A directory in which something stays is not removed. One thread.
/// </summary>
/// <param name="rules">Whether anything is removed at all, or renamed.</param>
/// <param name="keep">Tells what is to stay.</param>
/// <param name="own">Directories that stay whatever anybody says: the repository and what else the program writes to.</param>
/// <param name="tell">Hears of each path.</param>
internal sealed class ExtraSweeper(PlaceRules rules, KeepReason keep, IReadOnlySet<TargetFileId> own, TellSwept tell)
{
    private static readonly byte[] s_marks = Encoding.ASCII.GetBytes(MarkText.Prefix);

    private readonly DirectoryReader _reader = new();
    private readonly Stack<Level> _levels = new();

    /// <summary>A directory that is being emptied.</summary>
    private sealed class Level(TargetDirectory parent, byte[] name, TargetDirectory directory, byte[] path, EntryStat stat,
        List<byte[]> names)
    {
        private int _next;

        internal TargetDirectory Parent => parent;
        internal byte[] Name => name;
        internal TargetDirectory Directory => directory;
        internal byte[] Path => path;
        internal EntryStat Stat => stat;
        internal bool HasRest { get; set; }
        internal byte[]? Next => _next < names.Count ? names[_next++] : null;
    }

    /// <summary>
    /// Removes what is in a directory and not among the snapshot's names, which are in ascending order.
    /// </summary>
    /// <param name="directory">The directory in the target.</param>
    /// <param name="path">Its path relative to the target.</param>
    /// <param name="names">All that the snapshot has in it.</param>
    internal void Sweep(TargetDirectory directory, byte[] path, EntryTable names)
    {
        foreach (byte[] name in List(directory, names, path.Length == 0)) { Remove(directory, name, Join(path, name), isDry: rules.IsDry); }
    }

    /// <summary>
    /// Removes a name with all below it, or renames it where that is asked for; true if it is gone. Each path is told, unless it is only
    /// looked whether it could go.
    /// </summary>
    internal bool Remove(TargetDirectory directory, byte[] name, byte[] path, bool isDry)
    {
        if (rules.Suffix.Length > 0 && !isDry) { return Move(directory, name, path); }
        if (!RemoveOne(directory, name, path, isDry, isQuiet: false, out Level? level)) { return false; }
        return level is null || RemoveAll(level, isDry, isQuiet: false);
    }

    private bool Move(TargetDirectory directory, byte[] name, byte[] path)
    {
        // A name that stays takes all above it along: first it is looked whether all may go.
        bool mayGo = RemoveOne(directory, name, path, isDry: true, isQuiet: true, out Level? level);
        if (mayGo && level is not null) { mayGo = RemoveAll(level, isDry: true, isQuiet: true); }
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            EntryStat stat = default;
            if (error == 0) { error = Posix.StatAt(pin.Descriptor, name, out stat); }
            if (error == 0 && mayGo) { error = OldKeeper.Move(pin.Descriptor, name, rules.Suffix); }
            tell(path, in stat, mayGo ? null : "something in it is to stay", error);
            return mayGo && error == 0;
        }
    }

    /// <summary>False if it stays. A directory is entered and comes back; anything else is gone then.</summary>
    private bool RemoveOne(TargetDirectory directory, byte[] name, byte[] path, bool isDry, bool isQuiet, out Level? level)
    {
        level = null;
        EntryStat stat = default;
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0) { error = Posix.StatAt(pin.Descriptor, name, out stat); }
            if (error == Errno.ENOENT) { return true; }
            string? reason = error != 0 ? null : own.Contains(TargetFileId.Of(in stat)) ? "it is a directory of Varve's own"
                : keep(path, stat.Kind);
            if (error == 0 && reason is null && stat.Kind == EntryKind.Directory)
            {
                error = IsMount(pin.Descriptor, name, in stat, out bool isMount);
                if (isMount) { reason = "another file system is mounted there"; }
            }

            if (error != 0 || reason is not null)
            {
                if (!isQuiet) { tell(path, in stat, reason, error); }
                return false;
            }

            if (stat.Kind != EntryKind.Directory)
            {
                if (!isDry) { error = Unlink(pin.Descriptor, name, in stat); }
                if (!isQuiet) { tell(path, in stat, null, error); }
                return error == 0;
            }
        }

        error = directory.EnterChild(name, out TargetDirectory? child);
        if (error == 0) { level = new Level(directory, name, child!, path, stat, List(child!, null, isRoot: false)); }
        else if (!isQuiet) { tell(path, in stat, null, error); }
        return error == 0;
    }

    private bool RemoveAll(Level top, bool isDry, bool isQuiet)
    {
        _levels.Push(top);
        while (true)
        {
            Level at = _levels.Peek();
            if (at.Next is { } name)
            {
                byte[] path = Join(at.Path, name);
                if (!RemoveOne(at.Directory, name, path, isDry, isQuiet, out Level? below)) { at.HasRest = true; }
                else if (below is not null) { _levels.Push(below); }
                continue;
            }

            _levels.Pop();
            bool isGone = !at.HasRest && RemoveEmpty(at, isDry, isQuiet);
            at.Directory.Release();
            if (_levels.Count == 0) { return isGone; }
            if (!isGone) { _levels.Peek().HasRest = true; }
        }
    }

    private bool RemoveEmpty(Level level, bool isDry, bool isQuiet)
    {
        int error = 0;
        if (!isDry)
        {
            error = level.Parent.Pin(out TargetPin pin);
            using (pin)
            {
                // What came meanwhile keeps it from going.
                if (error == 0) { error = Posix.UnlinkAt(pin.Descriptor, level.Name, Posix.AT_REMOVEDIR); }
            }

            if (error == 0) { level.Directory.IsGone(); }
        }

        EntryStat stat = level.Stat;
        if (!isQuiet) { tell(level.Path, in stat, null, error); }
        return error == 0;
    }

    private static int Unlink(int directory, ReadOnlySpan<byte> name, in EntryStat stat)
    {
        int error = Posix.UnlinkAt(directory, name);
        if (error != Errno.EPERM || !Unforbid.File(directory, name, in stat)) { return error; }
        return Posix.UnlinkAt(directory, name);
    }

    /// <summary>By the file system, and by the mount, for a directory may be mounted a second time.</summary>
    private static int IsMount(int directory, ReadOnlySpan<byte> name, in EntryStat stat, out bool isMount)
    {
        isMount = false;
        int error = Posix.Stat(directory, out EntryStat above, out ulong mountAbove);
        if (error != 0) { return error; }
        if (above.Device != stat.Device)
        {
            isMount = true;
            return 0;
        }

        error = Posix.HoldAt(directory, name, out SafeFd held);
        ulong mount = 0;
        if (error == 0) { error = Posix.Stat(held.Value, out _, out mount); }
        held.Close();
        isMount = mount != mountAbove;
        return error;
    }

    private List<byte[]> List(TargetDirectory directory, EntryTable? names, bool isRoot)
    {
        var found = new List<byte[]>();
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0) { error = _reader.Begin(pin.Descriptor); }
            while (error == 0 && _reader.Next(out ReadOnlySpan<byte> name, out _, out _, out error))
            {
                bool isOurs = isRoot && name.StartsWith(s_marks);
                bool isKept = rules.Suffix.Length > 0 && name.Length > rules.Suffix.Length && name.EndsWith(rules.Suffix);
                if (!isOurs && !isKept && (names is null || !Has(names, name))) { found.Add(name.ToArray()); }
            }
        }

        if (error == 0) { return found; }
        EntryStat none = default;
        tell(directory.RelativePath([]), in none, null, error);
        return [];
    }

    private static bool Has(EntryTable names, ReadOnlySpan<byte> name)
    {
        for (int low = 0, high = names.Count - 1; low <= high;)
        {
            int middle = low + (high - low) / 2, c = names.Name(middle).SequenceCompareTo(name);
            if (c == 0) { return true; }
            if (c < 0) { low = middle + 1; }
            else { high = middle - 1; }
        }

        return false;
    }

    private static byte[] Join(byte[] path, byte[] name) => path.Length == 0 ? name : [.. path, (byte)'/', .. name];
}
