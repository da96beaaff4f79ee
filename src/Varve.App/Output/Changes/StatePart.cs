using Varve.App.Output.Json;
using Varve.Model;

namespace Varve.App.Output.Changes;

/// <summary>What an entry is, or was.</summary>
internal sealed class StatePart
{
    private readonly EntryStat _stat;

    private StatePart(in EntryStat stat) => _stat = stat;

    public string Kind => KindText.Of(_stat.Kind);
    public long Size => _stat.Size;
    public uint Mode => _stat.Mode;
    public uint Uid => _stat.Uid;
    public uint Gid => _stat.Gid;
    public TimeText Mtime => new(_stat.Mtime);

    /// <summary>Null for what is not there.</summary>
    internal static StatePart? Of(EntryStat? stat) => stat is { } some ? new StatePart(in some) : null;
}
