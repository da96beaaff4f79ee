using Varve.Model;
using Varve.Tree.Lists;

namespace Varve.Tree.Details;

/// <summary>A file's extents, wherever its details keep them: inline or in a list that is read leaf by leaf.</summary>
internal static class FileExtents
{
    /// <summary>The extents in the order of the file.</summary>
    /// <exception cref="VarveException">Damaged, while enumerating.</exception>
    internal static IEnumerable<Extent> Of(ReadOnlySpan<byte> details, long size, FetchMeta fetch)
    {
        EntryDetails decoded = DetailsCodec.Decode(details);
        return decoded.ExtentList.IsNone ? decoded.Extents ?? [] : ExtentListReader.Read(decoded.ExtentList, size, fetch);
    }
}
