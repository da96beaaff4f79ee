using Varve.Catalog.Rows;

namespace Varve.Backup.Run;

/// <summary>A place in the source that a root which is not there stands for, seen from a directory above it. Immutable.</summary>
/// <param name="Path">The whole way from the source's root, part by part.</param>
/// <param name="At">How many parts of it lead to the directory.</param>
/// <param name="Kind">What that means for what it held.</param>
internal readonly record struct AbsentPlace(byte[][] Path, int At, GapKind Kind)
{
    /// <summary>What is left of the way from a child directory; null if nothing is.</summary>
    internal static IReadOnlyList<AbsentPlace>? Below(IReadOnlyList<AbsentPlace>? places, ReadOnlySpan<byte> name)
    {
        List<AbsentPlace>? below = null;
        foreach (AbsentPlace place in places ?? [])
        {
            if (place.At + 1 < place.Path.Length && name.SequenceEqual(place.Path[place.At]))
            {
                (below ??= []).Add(place with { At = place.At + 1 });
            }
        }

        return below;
    }

    /// <summary>Whether a child directory is such a place.</summary>
    internal static bool Ends(IReadOnlyList<AbsentPlace>? places, ReadOnlySpan<byte> name, GapKind kind)
    {
        foreach (AbsentPlace place in places ?? [])
        {
            if (place.Kind == kind && place.At + 1 == place.Path.Length && name.SequenceEqual(place.Path[place.At])) { return true; }
        }

        return false;
    }

    /// <summary>Whether a child directory is such a place, or one lies below it.</summary>
    internal static bool IsOnTheWay(IReadOnlyList<AbsentPlace>? places, ReadOnlySpan<byte> name, GapKind kind)
    {
        foreach (AbsentPlace place in places ?? [])
        {
            if (place.Kind == kind && place.At < place.Path.Length && name.SequenceEqual(place.Path[place.At])) { return true; }
        }

        return false;
    }
}
