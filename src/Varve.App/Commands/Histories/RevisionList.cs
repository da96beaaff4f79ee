using Varve.App.Invocation;
using Varve.App.Output;
using Varve.Archives.Lists;
using Varve.Model.Bytes;

namespace Varve.App.Commands.Histories;

/// <summary>Prints revisions as a list, under the absolute paths that their sources have now.</summary>
internal sealed class RevisionList
{
    private readonly ListOutput _output;
    private readonly Dictionary<(string Host, string Source), byte[]> _roots = [];
    private readonly ByteWriter _path = new(4096);
    private long _refused;

    internal RevisionList(Repository repository, ListFormat format, CommandContext context)
    {
        foreach (SourceInfo source in repository.Sources(damaged: context.Report)) { _roots.TryAdd((source.Host, source.Name), source.Root); }
        _output = new ListOutput(format, new DumpStream(context.Out), failure =>
        {
            _refused++;
            context.Say(failure);
        }, new object());
    }

    /// <summary>Prints a revision.</summary>
    internal void Add(FoundRevision found)
    {
        _path.Clear();
        if (_roots.TryGetValue((found.Host, found.Source), out byte[]? root)) { _path.Raw(root); }
        if (found.Path.Length > 0)
        {
            if (root is { Length: > 1 }) { _path.U8((byte)'/'); }
            _path.Raw(found.Path);
        }

        _output.Add(_path.Written, found.Stat, user: null, group: null);
    }

    /// <summary>Hands over the rest; how many revisions the format had no room for.</summary>
    internal long Finish()
    {
        _output.Flush();
        return _refused;
    }
}
