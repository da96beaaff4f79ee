using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Maintain.Repack;

/// <summary>
/// Puts runs that take the place of others (<c>prune_reads_runs</c>, <c>prune_supersedes</c>): of those that name packs which go, and of
/// small ones when there are many, so that their number stays logarithmic. Memory is that of one run. Not thread-safe.
/// </summary>
internal sealed class Superseder(IndexSet index, RunStore runs, FooterReader footers)
{
    private const int MostSmall = 6;

    // What a run of ours may take as plaintext, in bytes; readers take four times that.
    private const long LargestRun = PackListing.MaxLength / 4;

    // Names of runs that earlier superseding runs named: they tell who knew those that they are not lost.
    private const int MostInherited = 4096;

    /// <summary>
    /// The runs that are to be superseded.
    /// </summary>
    /// <param name="lengths">The runs there are, with their lengths.</param>
    /// <param name="gone">Packs that are to be named no longer.</param>
    internal IReadOnlyList<ObjectName> Choose(IReadOnlyDictionary<ObjectName, long> lengths, IReadOnlySet<ObjectName> gone)
    {
        var chosen = new HashSet<ObjectName>();
        foreach (RunReader table in index.Chunks.Runs)
        {
            IReadOnlyList<RunOrigin> origins = table.Origins();
            foreach (RunPack pack in table.Packs())
            {
                if (gone.Contains(pack.Name)) { chosen.Add(origins[(int)pack.Origin].Run); }
            }
        }

        chosen.RemoveWhere(r => !lengths.ContainsKey(r));
        (ObjectName Run, long Length)[] others = [.. lengths.Where(l => !chosen.Contains(l.Key) && l.Value <= LargestRun / 2)
            .Select(static l => (l.Key, l.Value)).OrderByDescending(static l => l.Value)];
        if (others.Length + chosen.Count <= MostSmall) { return [.. chosen]; }

        // As in the cache: the largest that is no larger than all smaller ones together, and those.
        long smaller = others.Sum(static l => l.Length);
        for (int i = 0; i < others.Length; i++)
        {
            smaller -= others[i].Length;
            if (i == others.Length - 1 || others[i].Length > smaller) { continue; }
            chosen.UnionWith(others[i..].Select(static l => l.Run));
            break;
        }

        return [.. chosen];
    }

    /// <summary>Puts the superseding runs; they are durable when this returns.</summary>
    /// <param name="chosen">The runs to supersede.</param>
    /// <param name="lengths">Their lengths.</param>
    /// <param name="isNamed">Whether a pack is to be named: it is there, and nobody is about to delete it.</param>
    /// <param name="session">The prune's.</param>
    internal void Put(IReadOnlyList<ObjectName> chosen, IReadOnlyDictionary<ObjectName, long> lengths, Func<ObjectName, bool> isNamed,
        SessionId session)
    {
        Dictionary<ObjectName, RunOrigin> origins = index.Origins.ToDictionary(static o => o.Run);
        ObjectName[] ordered = [.. chosen.Order()];
        for (int start = 0, end; start < ordered.Length; start = end)
        {
            long length = lengths[ordered[start]];
            for (end = start + 1; end < ordered.Length && (length += lengths[ordered[end]]) <= LargestRun; end++) { }
            PutOne(ordered[start..end]);
        }

        void PutOne(ObjectName[] some)
        {
            var packs = new ByteWriter();
            var named = new HashSet<ObjectName>();
            HashSet<ObjectName> superseded = [.. some];
            foreach (ObjectName run in some)
            {
                bool isFull = origins.GetValueOrDefault(run)?.IsFull == true;
                if (isFull) { superseded.UnionWith(origins[run].Superseded.Take(Math.Max(0, MostInherited - superseded.Count))); }

                runs.Read(run, lengths[run], plaintext => Take(plaintext, isFull, packs, named, isNamed));
            }

            var listing = new ByteWriter();
            listing.VarInt((uint)superseded.Count);
            foreach (ObjectName run in superseded) { listing.Id32(run.Value); }
            listing.VarInt((uint)named.Count);
            listing.Raw(packs.Written);
            runs.Put(listing, session, isSigned: true);
        }
    }

    private void Take(ReadOnlySpan<byte> plaintext, bool isFull, ByteWriter packs, HashSet<ObjectName> named,
        Func<ObjectName, bool> isNamed)
    {
        var listing = new PackListingReader(plaintext);
        var buffers = new FooterBuffers();
        while (listing.NextPack())
        {
            if (!isNamed(listing.Name) || !named.Add(listing.Name)) { continue; }
            ReadOnlySpan<byte> footer = listing.Footer;
            PackKind kind = listing.Kind;
            if (!isFull)
            {
                // What others say of packs is not taken over unseen: a full key signs for it from now on.
                try { footer = footers.Read(ObjectKeys.Pack(listing.Name), listing.Size, buffers, out kind); }
                catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { /* it says what the pack does not */ }
            }

            packs.Id32(listing.Name.Value);
            packs.VarInt((ulong)listing.Size);
            packs.U8((byte)kind);
            packs.Bytes(footer);
        }
    }
}
