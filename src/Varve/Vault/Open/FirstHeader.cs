using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Open;

/// <summary>
/// The header of a new repository, whose key slot is stored already. Of several inits at once one wins. Where a put replaces nothing, it is
/// the one whose header came first. Elsewhere it is the one whose slot has the smallest name: each looks at the slots before it puts its
/// header, and again afterwards, when whoever lost puts the winner's header in the place of its own. Stateless.
/// <para>An init that loses and is killed between these two steps may leave its own header. What opens the repository then warns, and goes by
/// the copy in the winner's slot.</para>
/// </summary>
internal static class FirstHeader
{
    /// <summary>Puts it; false if another has won. Then the caller's slot is to go.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal static bool Put(IStore store, KeySlot own, byte[] header)
    {
        if (store.PutsOnce) { return store.Put(ObjectKeys.Header, header); }
        if (First(store, own).Name != own.Name) { return false; }
        store.Replace(ObjectKeys.Header, header);
        KeySlot first = First(store, own);
        bool isOwn = first.Name == own.Name;
        byte[] winners = isOwn ? header : HeaderJson.Encode(RepositoryHeader.Create(first.RepositoryId, first.Created));
        if (store.Get(ObjectKeys.Header, Limits.MaxSmallObject) is not { } there || !there.AsSpan().SequenceEqual(winners))
        {
            store.Replace(ObjectKeys.Header, winners);
        }

        return isOwn;
    }

    private static KeySlot First(IStore store, KeySlot own) =>
        SlotSearch.ReadAll(store, []).Append(own).MinBy(static s => s.Name.ToString(), StringComparer.Ordinal)!;
}
