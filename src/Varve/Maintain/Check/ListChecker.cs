using Varve.Model;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Maintain.Check;

/// <summary>
/// Follows extent lists. Each leaf and each node is read once, however many files and nodes name it: what it covers, how deep it is and
/// what is wrong below it are remembered, some 100 bytes for each chunk of a list. One thread.
/// </summary>
/// <param name="check">Looks at an extent that is no hole; null if nothing is wrong with it.</param>
internal sealed class ListChecker(Func<Extent, ListFault?> check)
{
    /// <summary>So many faults of a list are remembered, for the next file that has it.</summary>
    private const int MostFaults = 16;

    private readonly Dictionary<ChunkId, Part> _known = [];

    private sealed class Part
    {
        internal long Length;
        internal int Height = 1;
        internal List<ListFault>? Faults;
        internal VarveException? Damage;
    }

    /// <summary>
    /// Checks a list that is to cover so many bytes. <paramref name="found"/> hears of each fault, of a list that was met before too: as
    /// many as are remembered.
    /// </summary>
    /// <exception cref="VarveException">Damaged, NotFound: a part of it cannot be read, or lengths do not match.</exception>
    internal void Check(ChunkId list, long size, FetchMeta fetch, Action<ListFault> found)
    {
        Part part = Read(list, 0, fetch);
        foreach (ListFault fault in part.Faults ?? []) { found(fault); }
        if (part.Damage is not null) { throw part.Damage; }
        if (part.Length != size)
        {
            throw VarveException.Damaged(Subject.ExtentList(list), $"it covers {part.Length} bytes instead of {size}");
        }
    }

    /// <summary>Recursion is as deep as lists are: eight levels.</summary>
    private Part Read(ChunkId list, int depth, FetchMeta fetch)
    {
        if (_known.TryGetValue(list, out Part? known))
        {
            ExtentListReader.RequireRoom(depth, known.Height, Subject.ExtentList(list));
            return known;
        }

        ExtentListReader.RequireRoom(depth, 1, Subject.ExtentList(list));
        var part = new Part();
        try
        {
            part.Length = ExtentListReader.ReadOne(list, fetch, (child, length) =>
            {
                Part below = Read(child, depth + 1, fetch);
                part.Height = Math.Max(part.Height, below.Height + 1);
                Take(part, below.Faults);
                if (below.Damage is not null) { throw below.Damage; }
                if (below.Length != length)
                {
                    throw VarveException.Damaged(Subject.ExtentList(list), "its extents are not as long as declared");
                }
            },
            extent =>
            {
                if (!extent.IsHole && check(extent) is { } fault) { Take(part, [fault]); }
            });
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { part.Damage = e; }

        return _known[list] = part;
    }

    private static void Take(Part part, List<ListFault>? faults)
    {
        foreach (ListFault fault in faults ?? [])
        {
            part.Faults ??= [];
            if (part.Faults.Count < MostFaults && !part.Faults.Contains(fault)) { part.Faults.Add(fault); }
        }
    }
}
