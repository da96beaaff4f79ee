using Varve.Model;

namespace Varve.S3;

/// <summary>Repositories in object storage that speaks the protocol of S3.</summary>
public static class S3Location
{
    /// <summary>Whether an address is meant to be of one.</summary>
    public static bool IsMeant(string address) => S3Address.IsMeant(address);

    /// <summary>
    /// The place at <c>s3://BUCKET[/PREFIX][?endpoint=URL&amp;region=NAME&amp;path-style=true&amp;storage-class=NAME]</c>. Credentials come
    /// from where AWS's tools have them: environment, profile, container, instance.
    /// </summary>
    /// <exception cref="VarveException">Usage: it is no such address; what may be a secret in it is not in the message.</exception>
    public static RepositoryLocation Of(string address)
    {
        S3Address place = S3Address.Parse(address);
        return new RepositoryLocation(place.ToString(), opening =>
            S3Store.Open(S3Clients.Create(place, limits: opening.Limits), place, opening));
    }
}
