using System.Text;
using Varve.App.Output;
using Varve.App.Settings.Values;
using Varve.Catalog.Rows;
using Varve.History;
using Varve.Vault.Snapshots;

namespace Varve.App.Completion;

/// <summary>
/// Makes offers of what the catalog knows. If <paramref name="source"/> is given, nothing of other sources is offered.
/// </summary>
internal sealed class CatalogOffers(CatalogHints hints, TimeZoneInfo zone, string? source)
{
    /// <summary>More than this nobody reads.</summary>
    private const int Most = 1000;
    private const byte Slash = (byte)'/';

    private IEnumerable<SourceRow> Meant => hints.Sources.Where(s =>
        source is null || s.Name == source || Encoding.UTF8.GetString(s.Canonical) == source);

    /// <summary>The names of sources.</summary>
    internal IEnumerable<Offer> Sources(string word) => hints.Sources.GroupBy(static s => s.Name)
        .Where(s => s.Key.StartsWith(word, StringComparison.Ordinal))
        .Select(static s => new Offer(Encoding.UTF8.GetBytes(s.Key), string.Join(", ", s.Select(Place))));

    /// <summary>The names of snapshots, the newest first, after <c>latest</c>.</summary>
    internal IEnumerable<Offer> Snapshots(string word)
    {
        var all = Meant.SelectMany(s => hints.Snapshots(s).Select(p => (Source: s, Snapshot: p)))
            .OrderByDescending(static p => p.Snapshot.Start).ToList();
        if (all.Count > 0 && SnapshotQuery.Latest.StartsWith(word, StringComparison.Ordinal))
        {
            yield return new Offer(Encoding.UTF8.GetBytes(SnapshotQuery.Latest), "the newest");
        }

        foreach ((SourceRow of, SnapshotRow snapshot) in all)
        {
            string name = snapshot.Object.ToString();
            if (!name.StartsWith(word, StringComparison.OrdinalIgnoreCase)) { continue; }
            string shown = Human.Short(snapshot.Object);
            if (word.Length > shown.Length) { shown = name; }
            yield return new Offer(Encoding.UTF8.GetBytes(shown), $"{Human.Time(snapshot.Start, zone)} {NameText.Printable(of.Name)}");
        }
    }

    /// <summary>Snapshots, or after a colon the paths in one; an absolute path by itself is of the latest.</summary>
    internal IEnumerable<Offer> SnapshotPaths(string word)
    {
        int colon = word.IndexOf(':', StringComparison.Ordinal), slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash == 0) { return Paths(SnapshotQuery.Latest, "", RawArguments.ToBytes(word)); }
        return colon < 0 || (slash >= 0 && slash < colon) ? Snapshots(word)
            : Paths(word[..colon], word[..(colon + 1)], RawArguments.ToBytes(word[(colon + 1)..]));
    }

    /// <summary>The paths in a snapshot; of the latest of each source, if several are meant.</summary>
    internal IEnumerable<Offer> Paths(string spec, string before, byte[] path)
    {
        var offers = new SortedDictionary<byte[], Offer>(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
        foreach ((SourceRow of, SnapshotRow snapshot) in Named(spec))
        {
            foreach (byte[] word in Below(of, snapshot, path))
            {
                byte[] whole = [.. RawArguments.ToBytes(before), .. word];
                offers.TryAdd(whole, new Offer(whole, ""));
            }
        }

        return offers.Values;
    }

    private static string Place(SourceRow source) => NameText.Printable($"{source.Host}:{Encoding.UTF8.GetString(source.Canonical)}");

    private IEnumerable<(SourceRow, SnapshotRow)> Named(string spec)
    {
        foreach (SourceRow of in Meant)
        {
            foreach (SnapshotRow snapshot in hints.Snapshots(of))
            {
                bool isLatest = spec is "" or SnapshotQuery.Latest;
                if (isLatest || snapshot.Object.ToString().StartsWith(spec, StringComparison.OrdinalIgnoreCase))
                {
                    yield return (of, snapshot);
                }

                if (isLatest) { break; }
            }
        }
    }

    /// <summary>What the path may become: as it is typed up to its last slash, and then a name.</summary>
    private IEnumerable<byte[]> Below(SourceRow of, SnapshotRow snapshot, byte[] path)
    {
        byte[] inside = path;
        if (path is [Slash, ..])
        {
            byte[] root = of.Canonical is [Slash] ? of.Canonical : [.. of.Canonical, Slash];
            if (!path.AsSpan().StartsWith(root))
            {
                if (root.AsSpan().StartsWith(path)) { yield return root; }
                yield break;
            }

            inside = path[root.Length..];
        }

        int length = path.AsSpan().LastIndexOf(Slash) + 1, at = inside.AsSpan().LastIndexOf(Slash) + 1;
        foreach ((byte[] name, bool isDirectory) in hints.Entries(of, snapshot, inside.AsSpan(0, at), inside[at..], Most))
        {
            yield return isDirectory ? [.. path[..length], .. name, Slash] : [.. path[..length], .. name];
        }
    }
}
