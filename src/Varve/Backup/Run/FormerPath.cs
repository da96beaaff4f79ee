using Varve.Catalog;

namespace Varve.Backup.Run;

/// <summary>Where an entry was before its directory was moved.</summary>
internal static class FormerPath
{
    /// <summary>The path before, relative to the root of the source. The directory is one that was moved.</summary>
    internal static byte[] Of(CatalogReader catalog, DirectoryNode node, ReadOnlySpan<byte> name) =>
        Join(catalog.PathOf(node.MovedFrom), name);

    internal static byte[] Join(byte[] directory, ReadOnlySpan<byte> name) =>
        directory.Length == 0 ? name.ToArray() : [.. directory, (byte)'/', .. name];
}
