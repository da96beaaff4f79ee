using System.Runtime.CompilerServices;
using Varve.S3;

namespace Varve.App.Settings.Resolved;

/// <summary>Which place an address names, of all kinds of store that this program has. Stateless.</summary>
internal static class Locations
{
    private const string S3 = "s3://";

    /// <summary>The place at an address.</summary>
    /// <exception cref="VarveException">Usage: it is none.</exception>
    internal static RepositoryLocation Of(string address) =>
        address.StartsWith(S3, StringComparison.OrdinalIgnoreCase) ? InCloud(address) : new RepositoryLocation(address);

    // By itself: what object storage needs is loaded when it is entered.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RepositoryLocation InCloud(string address) => S3Location.Of(address);
}
