using Varve.Model;

namespace Varve.Tests.Catalog;

/// <summary>A file or directory of the naive model.</summary>
internal sealed class ModelNode
{
    public EntryStat Stat;

    /// <summary>Content of a file.</summary>
    public byte[] Details = [];

    /// <summary>Null for a file.</summary>
    public SortedDictionary<string, ModelNode>? Children;
}
