using Varve.Store.Lines;

namespace Varve.Store.Remote;

/// <summary>Stores that a server hands out. Stateless.</summary>
internal static class HttpsStore
{
    /// <summary>Opens one, or has it made where the server lets this one.</summary>
    /// <exception cref="VarveException">NoRepository, Storage.</exception>
    internal static IStore Open(HttpsAddress address, HttpsAccess access, StoreOpening opening) => RemoteStore.Open(
        new TlsLine(address, access, opening.Limits), address.ToString(), opening.Spool, opening.Create, opening.Time, opening.Retrying);
}
