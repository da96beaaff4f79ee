using Varve.Model.Bytes;

namespace Varve.Tree;

/// <summary>
/// The users or the groups of a tree leaf: numbers, ascending, with names. Few are looked through one by one; for many, their places are
/// noted at the first question and halved from then on, so that a leaf of 250,000 owners does not cost the square of that.
/// </summary>
internal ref struct OwnerSection
{
    private const int Few = 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _count;
    private int[]? _places;

    private OwnerSection(ReadOnlySpan<byte> bytes, int count)
    {
        _bytes = bytes;
        _count = count;
    }

    /// <summary>Reads over the section, checking that its numbers ascend.</summary>
    internal static OwnerSection Read(scoped ref ByteReader reader)
    {
        ByteReader section = reader;
        int start = reader.Position;
        int count = reader.Count(2);
        int first = reader.Position - start;
        long last = -1;
        for (int i = 0; i < count; i++)
        {
            uint number = reader.VarInt32();
            if (number <= last) { throw reader.Damaged("its owners do not ascend"); }
            last = number;
            reader.Bytes();
        }

        return new OwnerSection(section.Take(reader.Position - start)[first..], count);
    }

    /// <summary>The name of a number, or empty if it has none.</summary>
    internal ReadOnlySpan<byte> Find(uint number, Subject what)
    {
        int low = 0, high = _count;
        if (_count > Few)
        {
            int[] places = _places ??= Places(what);
            while (high - low > 1)
            {
                int middle = (low + high) >> 1;
                var at = new ByteReader(_bytes[places[middle]..], what);
                if (at.VarInt32() <= number) { low = middle; } else { high = middle; }
            }
        }

        var reader = new ByteReader(_bytes[(_count > Few ? _places![low] : 0)..], what);
        for (int i = low; i < high; i++)
        {
            uint candidate = reader.VarInt32();
            ReadOnlySpan<byte> name = reader.Bytes();
            if (candidate >= number) { return candidate == number ? name : default; }
        }

        return default;
    }

    private readonly int[] Places(Subject what)
    {
        var places = new int[_count];
        var reader = new ByteReader(_bytes, what);
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = reader.Position;
            reader.VarInt32();
            reader.Bytes();
        }

        return places;
    }
}
