using Varve.Catalog.Sql;
using Varve.Model;

namespace Varve.Catalog.Rows;

/// <summary>A source as the catalog knows it.</summary>
/// <param name="Id">Its number in this catalog.</param>
/// <param name="Uid">The source id of its snapshots (docs/format.md, 9).</param>
/// <param name="Name">Its name.</param>
/// <param name="Host">Host name.</param>
/// <param name="Root">The path that is walked, bytes.</param>
/// <param name="Canonical">The path the tree stands for, bytes.</param>
internal sealed record SourceRow(long Id, Bytes32 Uid, string Name, string Host, byte[] Root, byte[] Canonical)
{
    /// <summary>The pseudo directory that holds one entry: the source's root.</summary>
    public long RootDirectory => Id << CatalogSchema.SourceShift;

    /// <summary>The name of that entry: the last part of the canonical path; <c>/</c> for the root directory.</summary>
    public byte[] RootName => Canonical.Length == 1 ? Canonical : Canonical[(Canonical.AsSpan().LastIndexOf((byte)'/') + 1)..];
}
