using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Open;

/// <summary>
/// The header of a new repository, whose key slot is stored already. Of several inits at once one wins. Where a put replaces nothing, it is
/// the one whose header came first. Elsewhere it is, of those that saw no header once their slot was stored, the one whose slot has the
/// smallest name; whoever saw one gives way. Stateless.
/// <para>No protocol of reads and writes alone can decide this for machines that stop at any point for any time. One that stops for longer
/// than <see cref="Tries"/> pauses may leave a header that is not the winner's. What opens the repository then warns, and goes by the copy
/// in the winner's slot.</para>
/// </summary>
internal static class FirstHeader
{
    private const int Tries = 50;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Puts it; false if another has won. Then the caller's slot is to go.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal static bool Put(IStore store, KeySlot own, byte[] header, TimeProvider time)
    {
        if (store.PutsOnce) { return store.Put(ObjectKeys.Header, header); }
        Wait(store.Lateness, time);
        if (store.TryGetLength(ObjectKeys.Header, out _) || First(store, own).Name != own.Name) { return false; }
        store.Replace(ObjectKeys.Header, header);
        Wait(store.Lateness, time);
        for (int tried = 1; ; tried++)
        {
            KeySlot first = First(store, own);
            byte[]? there = store.Get(ObjectKeys.Header, Limits.MaxSmallObject);
            bool isOwn = there is not null && there.AsSpan().SequenceEqual(header);
            if (first.Name == own.Name)
            {
                if (isOwn) { return true; }
                store.Replace(ObjectKeys.Header, header); // one that lost put its own later
                Wait(s_pause, time); // or what was read is older than what was put
                continue;
            }

            if (!isOwn) { return false; }
            // The other puts its header, or takes its slot away, unless it has put its header before this one was put.
            if (tried < Tries) { Wait(s_pause, time); }
            else { store.Replace(ObjectKeys.Header, HeaderJson.Encode(RepositoryHeader.Create(first.RepositoryId, first.Created))); }
        }
    }

    private static KeySlot First(IStore store, KeySlot own) =>
        SlotSearch.ReadAll(store, []).Append(own).MinBy(static s => s.Name.ToString(), StringComparer.Ordinal)!;

    private static void Wait(TimeSpan pause, TimeProvider time)
    {
        if (pause > TimeSpan.Zero) { Task.Delay(pause, time).GetAwaiter().GetResult(); }
    }
}
