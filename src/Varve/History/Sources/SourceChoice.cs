using System.Text;
using Varve.Freeze;
using Varve.Model;
using Varve.Vault.Snapshots;

namespace Varve.History.Sources;

/// <summary>Which sources a person means.</summary>
internal static class SourceChoice
{
    private const int LeastDigits = 4, Own = 3; // how much a history is trusted that is the key's own

    /// <summary>
    /// Those of that name, or with that root, or that were called so, or whose id begins so: the first of these that fits any; on that
    /// host; as that writer recorded them. Null: whatever it is.
    /// </summary>
    /// <exception cref="VarveException">NotFound, with all sources there are.</exception>
    internal static IReadOnlyList<T> Select<T>(IReadOnlyList<T> all, Func<T, SourceInfo> info, SourceFilter filter)
    {
        IReadOnlyList<T> some = all;
        (string? source, string? host) = (filter.Source, filter.Host);
        if (filter.Writer is { } writer)
        {
            some = [.. all.Where(a => IsOf(info(a), writer))];
            if (some.Count == 0) { throw Unknown(writer, "is the writer of no source", all.Select(info)); }
        }

        if (host is not null)
        {
            IReadOnlyList<T> before = some;
            some = [.. before.Where(a => info(a).Host == host)];
            if (some.Count == 0) { some = [.. before.Where(a => info(a).FormerHosts.Contains(host))]; }
            if (some.Count == 0) { throw Unknown(host, "is the host of no source", all.Select(info)); }
        }

        if (source is null) { return some; }
        byte[] root = Encoding.UTF8.GetBytes(source.Length > 1 ? source.TrimEnd('/') : source);
        foreach (Func<SourceInfo, bool> fits in (ReadOnlySpan<Func<SourceInfo, bool>>)
        [
            s => s.Name == source,
            s => s.Root.AsSpan().SequenceEqual(root),
            s => s.FormerNames.Contains(source) || s.FormerRoots.Any(r => r.AsSpan().SequenceEqual(root)),
            s => source.Length >= LeastDigits && s.Id.StartsWith(source, StringComparison.OrdinalIgnoreCase),
        ])
        {
            List<T> hits = [.. some.Where(a => fits(info(a)))];
            if (hits.Count > 0) { return hits; }
        }

        throw Unknown(source, host is null ? "is the name of no source" : $"is the name of no source on {host}", all.Select(info));
    }

    /// <summary>
    /// The one source that is meant: of this host, if it has one that may be; as <paramref name="own"/> recorded it, else as somebody
    /// signed it, else as nobody did. What is signed falsely is meant only by who says so.
    /// </summary>
    /// <param name="all">The sources of the repository.</param>
    /// <param name="query">What is said of it.</param>
    /// <param name="here">The name of this host.</param>
    /// <param name="own">As whom the key in use signs.</param>
    /// <exception cref="VarveException">NotFound, with all sources. Usage: several may be meant, with those.</exception>
    internal static SourceHistory One(
        IReadOnlyList<SourceHistory> all, SnapshotQuery query, string here, WriterIdentity? own)
    {
        IReadOnlyList<SourceHistory> some = Select(all, static h => h.Info, query);
        if (query.Path is [(byte)'/', ..] path)
        {
            byte[] wanted = PathInSource.Absolute(path);
            some = Containing(some, wanted);
            if (some.Count == 0)
            {
                throw new VarveException(ErrorKind.NotFound, Subject.Request(PathText.Of(path)), "lies in no source that is saved here",
                    Advice.ListSources)
                { Sources = [.. all.Select(static h => h.Info)] };
            }
        }

        // What this key recorded here is of this host, also where another that belongs to the same history recorded last.
        string HostOf(SourceInfo info) => info.FormerHosts.Contains(here) && Trust(info, own) == Own ? here : info.Host;
        if (query.Host is null && some.Any(h => HostOf(h.Info) == here)) { some = [.. some.Where(h => HostOf(h.Info) == here)]; }
        if (query.Path is [(byte)'/', ..])
        {
            // The deepest on each host.
            some = [.. some.Where(h => !some.Any(o => HostOf(o.Info) == HostOf(h.Info) && o.Info.Root.Length > h.Info.Root.Length))];
        }

        if (query.Writer is null) { some = MostTrusted(some, own, HostOf); }

        return some.Count == 1 ? some[0] : throw new VarveException(ErrorKind.Usage, Subject.Request(Asked(query)),
            $"may be of {some.Count} sources", Advice.ChooseSource)
        { Sources = [.. some.Select(static h => h.Info)] };
    }

    /// <summary>Of each source, that is of each place on a host, what is recorded by who is trusted most.</summary>
    private static IReadOnlyList<SourceHistory> MostTrusted(
        IReadOnlyList<SourceHistory> some, WriterIdentity? own, Func<SourceInfo, string> hostOf) =>
        [.. some.GroupBy(h => (hostOf(h.Info), Convert.ToHexString(h.Info.Root))).SelectMany(g =>
        {
            int most = g.Max(h => Trust(h.Info, own));
            return g.Where(h => Trust(h.Info, own) == most);
        })];

    private static int Trust(SourceInfo info, WriterIdentity? own) => info.Signature switch
    {
        // What it took over is its own, whoever recorded it.
        SignatureState.Valid => info.Writer == own || (own is not null && info.Lineage.Writer == own.Uid) ? Own : 2,
        SignatureState.Invalid => 0,
        _ => 1,
    };

    private static bool IsOf(SourceInfo info, string writer) => info.Writer is not { } signer ? writer == SourceFilter.Unsigned
        : IsMeant(signer, writer);

    /// <summary>The id of the identity of that label, or whose id begins so, among those that signed a snapshot.</summary>
    internal static Bytes32 Writer(IReadOnlyList<SourceHistory> all, string writer)
    {
        WriterIdentity[] hits = [.. all.SelectMany(static h => h.Snapshots).Select(static s => s.Snapshot.Writer).OfType<WriterIdentity>()
            .Distinct().Where(w => IsMeant(w, writer))];
        return hits.Length == 1 ? hits[0].Uid : throw new VarveException(
            hits.Length == 0 ? ErrorKind.NotFound : ErrorKind.Usage, Subject.Request($"'{writer}'"),
            hits.Length == 0 ? "is the writer of no snapshot" : $"may be one of {hits.Length} writers", Advice.ListWriters);
    }

    /// <summary>Whether a writer has that label, or its id begins so.</summary>
    private static bool IsMeant(WriterIdentity writer, string spec) => writer.Label == spec
        || (spec.Length >= LeastDigits && writer.Id.StartsWith(spec, StringComparison.OrdinalIgnoreCase));

    private static List<SourceHistory> Containing(IReadOnlyList<SourceHistory> all, byte[] path)
    {
        List<SourceHistory> now = [.. all.Where(h => Paths.IsAtOrBelow(path, h.Info.Root))];
        return now.Count > 0 ? now : [.. all.Where(h => h.LastWith(path) is not null)];
    }

    private static string Asked(SnapshotQuery query) => query.Path is [(byte)'/', ..] path ? PathText.Of(path)
        : query.Source is { } source ? $"the latest snapshot of '{source}'" : "the latest snapshot";

    private static VarveException Unknown(string name, string what, IEnumerable<SourceInfo> all) =>
        new(ErrorKind.NotFound, Subject.Request($"'{name}'"), what, Advice.ListSources) { Sources = [.. all] };
}
