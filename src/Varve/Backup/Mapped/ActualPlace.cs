using Varve.Backup.Sources;
using Varve.Backup.Visit;

namespace Varve.Backup.Mapped;

/// <summary>Where a walk of what is there begins: a root, or what is mounted in one that is read from a snapshot.</summary>
/// <param name="Layer">The root.</param>
/// <param name="Root">It, or what is mounted.</param>
/// <param name="Live">The absolute path, where it is live.</param>
/// <param name="Below">Its place in the source without the mapping, part by part.</param>
/// <param name="MountKey">What tells its inode numbers apart.</param>
/// <param name="Filter">Says what of it is meant, and tells what is not.</param>
/// <param name="Quiet">The same, but tells nobody.</param>
internal sealed record ActualPlace(
    SourceLayer Layer, SourceRoot Root, byte[] Live, byte[][] Below, ulong MountKey, DirectoryVisitor Filter, DirectoryVisitor Quiet);
