using System.Security.Cryptography;
using Varve.Archives.Digest;
using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Archives.Sources;

/// <summary>All that is to be archived, as it was listed. Owns its roots.</summary>
internal sealed class ArchiveTree(IReadOnlyList<ArchiveRoot> roots) : IDisposable
{
    private readonly BoundedList<Failure> _failures = new(10_000, static f => f.Footprint);

    /// <summary>The roots, ascending by their names in the archive.</summary>
    internal IReadOnlyList<ArchiveRoot> Roots => roots;

    /// <summary>What could not be listed or read so far.</summary>
    internal (Failure[] First, long Count) Failures => _failures.Result(Failure.ByPath);

    /// <summary>Something could not be listed or read. Paths are those of the tree, not of the archive. Thread-safe.</summary>
    internal void Fail(ArchiveRoot root, Failure failure) => _failures.Add(failure with { Path = PathIn(root, failure.Path) });

    /// <summary>The whole path of what lies below a root.</summary>
    internal static byte[] PathIn(ArchiveRoot root, byte[] below) =>
        below.Length == 0 ? root.Path : root.Path is [(byte)'/'] ? [.. root.Path, .. below] : [.. root.Path, (byte)'/', .. below];

    /// <summary>
    /// The digest of all of it: of one root what <see cref="Digester"/> gives, of several the value of a directory that holds them. Null
    /// if something could not be listed.
    /// </summary>
    internal string? Digest()
    {
        if (_failures.Count > 0) { return null; }
        foreach (ArchiveRoot root in roots) { Hash(root.Node); }
        const DigestMode mode = DigestMode.Metadata;
        bool isOne = roots.Count == 1;
        byte[] bytes = [.. DigestFormat.Header(mode), .. roots.SelectMany(r => Record(isOne ? [] : r.Name, in r.Stat, r.Node?.Hash))];
        return DigestFormat.ToText(mode, SHA256.HashData(bytes));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ArchiveRoot root in roots) { root.Dispose(); }
    }

    private static void Hash(ArchiveNode? top)
    {
        if (top is null) { return; }
        // Directories before those in them; so the other way round each is complete when its turn comes.
        var nodes = new List<ArchiveNode> { top };
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach ((_, ArchiveNode child) in nodes[i].Children) { nodes.Add(child); }
        }

        for (int i = nodes.Count - 1; i >= 0; i--) { nodes[i].Hash = HashOf(nodes[i]); }
    }

    private static byte[] HashOf(ArchiveNode node)
    {
        const DigestMode mode = DigestMode.Metadata;
        var records = new DigestNode();
        long length = 0;
        for (int i = 0; i < node.Listing.Count; i++)
        {
            length += DigestFormat.RecordLength(node.Listing.Name(i).Length, node.Listing.Stat(i).Kind, mode);
        }

        records.Begin(mode, length);
        int next = 0;
        for (int i = 0; i < node.Listing.Count; i++)
        {
            int place = records.Add(node.Listing.Name(i), in node.Listing.Stat(i), mode);
            if (node.Listing.Stat(i).Kind != EntryKind.Directory) { continue; }
            bool isEntered = next < node.Children.Count && node.Children[next].Index == i;
            byte[] hash = isEntered ? node.Children[next++].Node.Hash! : SHA256.HashData(DigestFormat.Header(mode));
            hash.CopyTo(records.Value(place, node.Listing.Name(i).Length));
        }

        byte[] result = SHA256.HashData(records.Records);
        records.Drop();
        return result;
    }

    private static byte[] Record(byte[] name, in EntryStat stat, byte[]? hash)
    {
        var record = new byte[DigestFormat.FixedLength + name.Length];
        DigestFormat.Write(record, name, in stat);
        return hash is null ? record : [.. record, .. hash];
    }
}
