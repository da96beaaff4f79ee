using Varve.App.Invocation;
using Varve.App.Output;
using Varve.Archives.Lists;
using Varve.Model.Bytes;

namespace Varve.App.Commands.Histories;

/// <summary>Prints entries of a snapshot as a list, under the absolute paths that they are recorded under.</summary>
internal sealed class SnapshotList
{
    private readonly ListOutput _output;
    private readonly ByteWriter _path = new(4096);
    private readonly int _prefix;
    private readonly bool _isFile; // the root of the source is a file, which has the root's path
    private long _refused;

    internal SnapshotList(Repository repository, SnapshotInfo snapshot, byte[]? path, ListFormat format, CommandContext context)
    {
        byte[] root = snapshot.Snapshot.Private!.CanonicalRoot;
        bool isRoot = (path ?? []).AsSpan().Trim((byte)'/').IsEmpty;
        _isFile = isRoot && repository.KindAt(snapshot, []) != EntryKind.Directory;
        _path.Raw(root);
        if (!_isFile && root is not [(byte)'/']) { _path.U8((byte)'/'); }
        _prefix = _path.Length;
        _output = new ListOutput(format, new DumpStream(context.Out), failure =>
        {
            _refused++;
            context.Say(failure);
        }, new object());
    }

    /// <summary>Prints an entry.</summary>
    internal void Add(ListedEntry entry)
    {
        _path.Truncate(_prefix);
        if (!_isFile) { _path.Raw(entry.Path); }
        _output.Add(_path.Written, entry.Stat, entry.User, entry.Group);
    }

    /// <summary>Hands over the rest; how many entries the format had no room for.</summary>
    internal long Finish()
    {
        _output.Flush();
        return _refused;
    }
}
