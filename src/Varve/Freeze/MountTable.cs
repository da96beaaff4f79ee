using System.Text;
using Varve.Model;
using Varve.Platform;

namespace Varve.Freeze;

/// <summary>What is mounted where, at the moment it was read. Immutable.</summary>
internal sealed class MountTable
{
    private readonly List<MountEntry> _visible;

    private MountTable(List<MountEntry> visible) => _visible = visible;

    /// <summary>The mounts this process sees.</summary>
    /// <exception cref="VarveException">Storage: /proc cannot be read.</exception>
    public static MountTable Read()
    {
        try { return Parse(File.ReadAllBytes("/proc/self/mountinfo")); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Path("/proc/self/mountinfo"), $"cannot be read: {Errno.Message(e)}",
                Advice.MountProc, e);
        }
    }

    /// <summary>From the text of a mountinfo file (proc(5)). Lines that make no sense are left out.</summary>
    public static MountTable Parse(ReadOnlySpan<byte> text)
    {
        var all = new List<(int Id, int Parent, MountEntry Entry)>();
        foreach (Range line in text.Split((byte)'\n'))
        {
            List<byte[]> fields = Fields(text[line]);
            int dash = fields.FindIndex(Math.Min(6, fields.Count), static f => f is [(byte)'-']);
            if (dash < 0 || fields.Count < dash + 3 || !int.TryParse(fields[0], out int id) || !int.TryParse(fields[1], out int parent))
            {
                continue;
            }
            all.Add((id, parent,
                new MountEntry(fields[4], fields[3], Encoding.UTF8.GetString(fields[dash + 1]), Encoding.UTF8.GetString(fields[dash + 2]),
                Encoding.UTF8.GetString(fields[2]))));
        }

        return new MountTable(Visible(all));
    }

    /// <summary>The mount that <paramref name="path"/>, absolute and without symlinks, lies in.</summary>
    /// <exception cref="VarveException">Storage: none.</exception>
    public MountEntry Of(ReadOnlySpan<byte> path)
    {
        MountEntry? best = null;
        foreach (MountEntry entry in _visible)
        {
            if (Paths.IsAtOrBelow(path, entry.Place) && (best is null || entry.Place.Length > best.Place.Length)) { best = entry; }
        }

        return best
            ?? throw new VarveException(ErrorKind.Storage, Subject.Path(path), "lies on no file system that /proc/self/mountinfo tells of",
            Advice.MountProc);
    }

    /// <summary>The mounts that can be seen strictly below <paramref name="path"/>, outer ones first.</summary>
    public IReadOnlyList<MountEntry> Below(ReadOnlySpan<byte> path)
    {
        var below = new List<MountEntry>();
        foreach (MountEntry entry in _visible)
        {
            if (entry.Place.Length > path.Length && Paths.IsAtOrBelow(entry.Place, path)) { below.Add(entry); }
        }

        below.Sort(static (a, b) => a.Place.AsSpan().SequenceCompareTo(b.Place));
        return below;
    }

    /// <summary>Whether anything that can be seen is mounted at exactly this place.</summary>
    public bool IsMounted(ReadOnlySpan<byte> place) => At(place) is not null;

    /// <summary>What can be seen mounted at exactly this place; null if nothing is.</summary>
    public MountEntry? At(ReadOnlySpan<byte> place)
    {
        foreach (MountEntry entry in _visible)
        {
            if (place.SequenceEqual(entry.Place)) { return entry; }
        }

        return null;
    }

    /// <summary>What can be seen mounted of a device, by its number; null if nothing is.</summary>
    public MountEntry? On(string device) => _visible.Find(entry => entry.Device == device);

    /// <summary>
    /// Those that nothing hides, one for each place. The order of the lines says nothing, but each mount names the one it was mounted on:
    /// what was mounted on another at its very place hides it with all below it, and of two mounted on the same one, an outer place hides
    /// those within.
    /// </summary>
    private static List<MountEntry> Visible(List<(int Id, int Parent, MountEntry Entry)> all)
    {
        var visible = new List<MountEntry>();
        ILookup<int, (int Id, int Parent, MountEntry Entry)> on = all.ToLookup(static m => m.Parent);
        HashSet<int> ids = [.. all.Select(static m => m.Id)], seen = [];
        var waiting = new Stack<(int Id, int Parent, MountEntry Entry)>(all.Where(m => !ids.Contains(m.Parent) || m.Parent == m.Id));
        while (waiting.TryPop(out (int Id, int Parent, MountEntry Entry) mount))
        {
            if (!seen.Add(mount.Id)) { continue; }
            byte[] place = mount.Entry.Place;
            List<(int Id, int Parent, MountEntry Entry)> children = [.. on[mount.Id].Where(c => c.Id != mount.Id)];
            if (children.Find(c => c.Entry.Place.AsSpan().SequenceEqual(place)) is { Entry: not null } over)
            {
                waiting.Push(over);
                continue;
            }

            visible.Add(mount.Entry);
            foreach ((int Id, int Parent, MountEntry Entry) child in children)
            {
                byte[] at = child.Entry.Place;
                if (!children.Exists(c => c.Entry.Place.Length < at.Length && Paths.IsAtOrBelow(at, c.Entry.Place)))
                {
                    waiting.Push(child);
                }
            }
        }

        return visible;
    }

    private static List<byte[]> Fields(ReadOnlySpan<byte> line)
    {
        var fields = new List<byte[]>();
        foreach (Range field in line.Split((byte)' ')) { fields.Add(Unescape(line[field])); }
        return fields;
    }

    // Blanks, line ends and backslashes are written as three octal digits.
    private static byte[] Unescape(ReadOnlySpan<byte> field)
    {
        var bytes = new List<byte>(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == (byte)'\\' && i + 3 < field.Length && IsOctal(field[i + 1]) && IsOctal(field[i + 2]) && IsOctal(field[i + 3]))
            {
                bytes.Add((byte)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0')));
                i += 3;
            }
            else { bytes.Add(field[i]); }
        }

        return [.. bytes];
    }

    private static bool IsOctal(byte c) => c is >= (byte)'0' and <= (byte)'7';
}
