using Varve.Model.Paths;

namespace Varve.Archives.Lists;

/// <summary>Reads the names of a list into a selection. Stateless.</summary>
internal static class ListedNames
{
    /// <summary>Reads them all.</summary>
    /// <exception cref="VarveException">Usage: a malformed line, or a path that no list may have. Storage: it cannot be read.</exception>
    internal static void Read(ListReader reader, PathSelection into)
    {
        var entry = new ListEntry();
        while (reader.Read(ref entry))
        {
            try { into.Add(entry.Name); }
            catch (VarveException e) when (e.Subject.Kind == SubjectKind.Path) { reader.Refuse(e.Message); }
        }
    }
}
