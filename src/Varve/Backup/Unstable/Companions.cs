using Varve.Backup.Run;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Paths;
using Varve.Platform;

namespace Varve.Backup.Unstable;

/// <summary>
/// The names that would belong together with those of a file, or of several that do, and whether such a file has come up that was not there
/// when the directory was listed. Set for one file or group after the other; not thread-safe.
/// <para>A database that was listed alone is not what its file says while its journal is there: so it is asked at the moment that a copy is
/// of (<see cref="MomentCopier"/>). What is excluded is the user's choice and does not count.</para>
/// </summary>
internal sealed class Companions(RunRules rules)
{
    private readonly ByteWriter _names = new();
    private readonly List<int> _ends = [];
    private readonly ByteWriter _path = new();
    private int _directory;
    private byte[]? _prefix;
    private DirectoryNode? _node;

    /// <summary>Of a file by itself; <paramref name="node"/> is the directory.</summary>
    internal Companions Of(int directory, ReadOnlySpan<byte> name, DirectoryNode node)
    {
        Begin(directory, node, null);
        rules.Groups.AddCompanions(name, _names, _ends);
        return this;
    }

    /// <summary>Of a file by itself; <paramref name="prefix"/> is the path of the directory in the source.</summary>
    internal Companions Of(int directory, ReadOnlySpan<byte> name, byte[] prefix)
    {
        Begin(directory, null, prefix);
        rules.Groups.AddCompanions(name, _names, _ends);
        return this;
    }

    /// <summary>Of files that belong together: the rest of their group.</summary>
    internal Companions Of(int directory, FileGroup group, DirectoryNode node)
    {
        Begin(directory, node, null);
        foreach (byte[] ending in group.Endings)
        {
            int start = _names.Length;
            Add(group.Stem, ending);
            if (node.Listing.Find(_names.Written[start..]) < 0) { continue; }
            _ends.RemoveAt(_ends.Count - 1);
            _names.Truncate(start);
        }

        return this;
    }

    /// <summary>Whether there is one now.</summary>
    internal bool Exist()
    {
        int start = 0;
        foreach (int end in _ends)
        {
            ReadOnlySpan<byte> name = _names.Written[start..end];
            start = end;
            if (Posix.StatAt(_directory, name, out EntryStat stat) == 0 && stat.Kind == EntryKind.File && IsWanted(name)) { return true; }
        }

        return false;
    }

    private void Begin(int directory, DirectoryNode? node, byte[]? prefix)
    {
        (_directory, _node, _prefix) = (directory, node, prefix);
        _names.Clear();
        _ends.Clear();
    }

    private void Add(ReadOnlySpan<byte> stem, ReadOnlySpan<byte> ending)
    {
        _names.Raw(stem);
        _names.Raw(ending);
        _ends.Add(_names.Length);
    }

    /// <summary>Whether it would be in the snapshot: not excluded, and not beside a source that is one file.</summary>
    private bool IsWanted(ReadOnlySpan<byte> name)
    {
        if (_node is { Parent: null }) { return false; }
        if (rules.IncludesAll) { return true; }
        if (_node is not null) { return rules.Includes(_node.Path(name), EntryKind.File); }
        _path.Clear();
        _path.Raw(_prefix);
        if (_path.Length > 0) { _path.U8((byte)'/'); }
        _path.Raw(name);
        return rules.Includes(_path.Written, EntryKind.File);
    }
}
