using Varve.Archives.Lists;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.Archives.Apply;
using Varve.Vault.Open;

namespace Varve.Service;

/// <summary>What programs do with a live tree alone, without a repository.</summary>
internal static class LiveTrees
{
    /// <summary>
    /// Lists a source as it stands, in no order, as a backup would walk it: rules count, and so does what is never saved. What could not be
    /// looked at is in the result; <paramref name="refused"/> is told of what the format has no room for.
    /// </summary>
    /// <exception cref="VarveException">Usage, NotFound: the source. Storage: the list cannot be written.</exception>
    internal static (IReadOnlyList<Failure> Failures, long FailureCount) List(BackupOptions options, ListFormat format, Stream into,
        string repository, string cacheRoot, Action<Failure> refused, TimeProvider time, CancellationToken cancellationToken)
    {
        int walkers = HostEnvironment.OfProcess().Walkers;
        var list = new LiveList(format, into, refused, walkers);
        (IReadOnlyList<Failure> Failures, long FailureCount) failed =
            LiveRunner.Walk(options, OwnPlaces.Of(repository, cacheRoot), list, walkers, time, cancellationToken);
        list.Finish();
        return failed;
    }

    /// <summary>
    /// Gives what lies below <paramref name="target"/> the permissions, owners and times that a list says. What fails is in the result.
    /// </summary>
    /// <param name="list">The list.</param>
    /// <param name="target">The directory.</param>
    /// <param name="strip">What all names of the list begin with, and the directory stands for; empty for nothing.</param>
    /// <param name="cancellationToken">Ends it; what was set stays.</param>
    /// <exception cref="VarveException">Usage: a malformed line. Storage: the list or the directory cannot be read.</exception>
    internal static AppliedList Apply(ListReader list, byte[] target, byte[] strip, CancellationToken cancellationToken)
    {
        using var applier = new MetadataApplier(target, strip);
        return applier.Run(list, cancellationToken);
    }
}
