using System.Runtime.CompilerServices;
using Varve.S3;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve.App.Settings.Resolved;

/// <summary>Which place an address names, of all kinds of store that this program has. Stateless.</summary>
internal static class Locations
{
    private const string S3 = "s3://";

    /// <summary>The place at an address, with what leads to a server if it is at one.</summary>
    /// <exception cref="VarveException">Usage: it is none.</exception>
    internal static RepositoryLocation Of(string address, ServerAccess access) =>
        address.StartsWith(HttpsAddress.Scheme, StringComparison.OrdinalIgnoreCase) ? AtServer(address, access) : Of(address);

    /// <summary>The place at an address.</summary>
    /// <exception cref="VarveException">Usage: it is none.</exception>
    internal static RepositoryLocation Of(string address) =>
        address.StartsWith(S3, StringComparison.OrdinalIgnoreCase) ? InCloud(address)
        : address.StartsWith(HttpsAddress.Scheme, StringComparison.OrdinalIgnoreCase) ? AtServer(address, ServerAccess.None)
        : new RepositoryLocation(address);

    private static RepositoryLocation AtServer(string text, ServerAccess access)
    {
        var address = HttpsAddress.Parse(text);
        return new RepositoryLocation(address.ToString(), opening => HttpsStore.Open(address, access.Read(opening.Warn), opening));
    }

    // By itself: what object storage needs is loaded when it is entered.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RepositoryLocation InCloud(string address) => S3Location.Of(address);
}
