using System.Text;
using Varve.Model;

namespace Varve.Tests.Catalog;

/// <summary>A tree of files that changes at random: few names, so that they come back, as another kind too.</summary>
internal sealed class ModelTree(Random random)
{
    private const string Names = "abcdef";
    private readonly List<ModelNode> _unmounted = [];
    private ulong _inode = 1;

    public long Clock { get; private set; } = 1000;

    public ModelNode Root { get; } = new()
    {
        Stat = new EntryStat { Kind = EntryKind.Directory, Inode = 1 },
        Children = new(StringComparer.Ordinal)
    };

    public FileTime Now => new(Clock, 0);

    public void Mutate(int steps)
    {
        for (int i = 0; i < steps; i++) { MutateOnce(); }
        Clock++;
    }

    /// <summary>All paths with everything that has to come back from the catalog.</summary>
    public SortedDictionary<string, string> Flatten()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Flatten("", Root, all);
        return all;
    }

    public static string Describe(in EntryStat s, ReadOnlySpan<byte> details) =>
        $"{s.Kind} {s.Mode} {s.Size} {s.Mtime.Seconds} {s.Ctime.Seconds} {s.Inode} {Convert.ToHexString(details)}";

    private static void Flatten(string path, ModelNode node, SortedDictionary<string, string> all)
    {
        all.Add(path, Describe(node.Stat, node.Details));
        foreach ((string name, ModelNode child) in node.Children ?? []) { Flatten(path + "/" + name, child, all); }
    }

    private void MutateOnce()
    {
        Clock++;
        ModelNode directory = Pick();
        string name = Names[random.Next(Names.Length)].ToString();
        SortedDictionary<string, ModelNode> entries = directory.Children!;
        ModelNode? there = entries.GetValueOrDefault(name);
        switch (random.Next(12))
        {
            case 0 or 1 or 2 when there == null:
                entries[name] = NewFile();
                break;
            case 3 or 4 when there == null:
                entries[name] = NewDirectory(random.Next(3));
                break;
            case 5 or 6 when there is { Children: null }:
                there!.Details = Encoding.ASCII.GetBytes($"{Clock}");
                there.Stat.Size++;
                there.Stat.Mtime = there.Stat.Ctime = Now;
                return;
            case 7 when there != null:
                there!.Stat.Mode ^= 1;
                there.Stat.Ctime = Now;
                return;
            case 8 when there != null:
                entries.Remove(name);
                break;
            case 9 when there != null:
                // Renamed: everything below keeps its stats.
                entries.Remove(name);
                ModelNode target = Pick();
                there!.Stat.Ctime = Now;
                target.Children![Names[random.Next(Names.Length)].ToString()] = there;
                target.Stat.Mtime = target.Stat.Ctime = Now;
                break;
            case 10 when there is { Children: not null }:
                // Unmounted: what is below vanishes and comes back without a trace in any stat.
                _unmounted.Add(new ModelNode { Children = there!.Children, Stat = there.Stat });
                there.Children = new(StringComparer.Ordinal);
                return;
            case 11 when _unmounted.Count > 0 && there is { Children.Count: 0 }:
                there!.Children = _unmounted[^1].Children;
                there.Stat = _unmounted[^1].Stat;
                _unmounted.RemoveAt(_unmounted.Count - 1);
                return;
            default:
                return;
        }

        directory.Stat.Mtime = directory.Stat.Ctime = Now;
    }

    private ModelNode Pick()
    {
        ModelNode at = Root;
        while (random.Next(3) != 0)
        {
            ModelNode[] below = [.. at.Children!.Values.Where(c => c.Children != null)];
            if (below.Length == 0) { break; }
            at = below[random.Next(below.Length)];
        }

        return at;
    }

    private ModelNode NewFile() => new()
    {
        Stat = new EntryStat { Kind = EntryKind.File, Inode = ++_inode, Size = 1, Mtime = Now, Ctime = Now, Mode = 2 },
        Details = Encoding.ASCII.GetBytes($"{Clock}"),
    };

    private ModelNode NewDirectory(int depth)
    {
        var node = new ModelNode
        {
            Stat = new EntryStat { Kind = EntryKind.Directory, Inode = ++_inode, Mtime = Now, Ctime = Now },
            Children = new(StringComparer.Ordinal)
        };
        for (int i = random.Next(4); i > 0; i--)
        {
            node.Children[Names[random.Next(Names.Length)].ToString()] = depth > 0 && random.Next(2) == 0 ? NewDirectory(depth - 1)
                : NewFile();
        }

        return node;
    }
}
