using Varve.Delta;

namespace Varve.Tests.Delta;

public sealed class InsertionSolverTests
{
    private readonly DeltaKeys _keys = new(new byte[32]);

    [Fact]
    public void Bytes_that_were_inserted_into_a_cell_are_found_from_its_hashes_alone()
    {
        using var hasher = new CellHasher(_keys);
        var random = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            byte[] old = new byte[random.Next(1, 3_000)], inserted = new byte[random.Next(1, 200)];
            random.NextBytes(old);
            random.NextBytes(inserted);
            if (i % 5 == 0) { Array.Clear(old); }
            int at = i % 7 == 0 ? old.Length : random.Next(old.Length + 1);
            byte[] now = [.. old.AsSpan(0, at), .. inserted, .. old.AsSpan(at)];
            int found = InsertionSolver.Solve(now, hasher.Record(0, old), hasher, new byte[old.Length]);
            Assert.InRange(found, 0, old.Length);
            byte[] rest = [.. now.AsSpan(0, found), .. now.AsSpan(found + inserted.Length)];
            Assert.Equal(old, rest);
        }
    }

    [Fact]
    public void What_is_no_insertion_is_not_taken_for_one()
    {
        using var hasher = new CellHasher(_keys);
        var random = new Random(4);
        for (int i = 0; i < 200; i++)
        {
            byte[] old = new byte[1000], now = new byte[1010];
            random.NextBytes(old);
            old.CopyTo(now, 5);
            now[500] ^= 1;
            Assert.Equal(-1, InsertionSolver.Solve(now, hasher.Record(0, old), hasher, new byte[old.Length]));
        }
    }

    [Fact]
    public void Equal_sums_of_other_bytes_prove_nothing()
    {
        // Bytes whose plain sum and weighted sum are those of the cell: +1 -2 +1 leaves both as they are.
        using var hasher = new CellHasher(_keys);
        byte[] old = new byte[100], other = new byte[100];
        Array.Fill(old, (byte)9);
        Array.Fill(other, (byte)9);
        other[50]++;
        other[51] -= 2;
        other[52]++;
        Assert.Equal(RollingSum.Of(old), RollingSum.Of(other));
        Assert.Equal(-1, InsertionSolver.Solve([.. other, 1, 2, 3], hasher.Record(0, old), hasher, new byte[100]));
    }
}
