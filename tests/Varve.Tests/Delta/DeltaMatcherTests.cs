using FsCheck;
using FsCheck.Fluent;
using Varve.Delta;

namespace Varve.Tests.Delta;

[Trait("Takes", "minutes")]
public sealed class DeltaMatcherTests
{
    private const int Cell = 4096;

    [Fact]
    public void Whatever_the_edits_what_is_found_makes_up_exactly_the_new_content()
    {
        Gen<Edit> edit =
            from kind in Gen.Choose(0, 6)
            from place in Gen.Choose(0, 65_535)
            from length in Gen.Frequency((3, Gen.Choose(1, 100)), (1, Gen.Choose(1, 20_000)))
            select new Edit(kind, place, length);
        Gen<(int Seed, int Size, int Cell, int Kind, Edit[] Edits)> cases =
            from seed in Gen.Choose(0, 1_000_000)
            from size in Gen.Frequency((1, Gen.Choose(0, 300)), (4, Gen.Choose(0, 200_000)))
            from cell in Gen.Elements(64, 100, 512)
            from kind in Gen.Choose(0, 3)
            from edits in edit.ArrayOf().Resize(12)
            select (seed, size, cell, kind, edits);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            byte[] old = Content(c.Kind, c.Seed, c.Size), now = Edit.Apply(old, c.Edits);
            using var file = new SomeFile(old, c.Cell, c.Seed, sectionBytes: c.Seed % 2 == 0 ? 1 << 30 : 30_000);
            long fresh = file.New(now, soft: c.Seed % 3 == 0 ? 10_000 : long.MaxValue / 2);
            return c.Edits.Length > 0 || fresh == 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(Cell - 1, 0)]
    [InlineData(Cell, 2)]
    [InlineData((5 << 20) + 77, 0)]
    [InlineData((5 << 20) + 77, 1)]
    [InlineData((5 << 20) + 77, 2)]
    public void Of_an_equal_file_nothing_is_new(int size, int kind)
    {
        byte[] content = Content(kind, 1, size);
        using var file = new SomeFile(content, Cell);
        List<DeltaOp> ops = file.Compare(content);
        Assert.Equal(0, file.RequireExact(content, ops));
        Assert.Equal(size == 0 ? 0 : 1, ops.Count);
    }

    [Fact]
    public void Pages_that_were_overwritten_are_all_that_is_new()
    {
        byte[] old = Content(0, 1, 9 << 20), now = [.. old];
        foreach (int page in (int[])[0, 17, 18, 19, 500, 511, 512, 1023, 2303])
        {
            new Random(page).NextBytes(now.AsSpan(page * Cell, Cell));
        }
        using var file = new SomeFile(old, Cell);
        Assert.Equal(9 * Cell, file.New(now));
    }

    [Fact]
    public void Bytes_that_were_inserted_are_all_that_is_new()
    {
        byte[] old = Content(0, 2, 9 << 20);
        (int At, int Length)[] inserts = [(10, 1), (100_000, 100), (1_000_000, 50), (1_010_000, 7), (2_097_152, 33), (4_194_300, 99),
            (8_000_000, 64), (9_437_000, 5)];
        var now = new List<byte>(old);
        int random = 0;
        foreach ((int at, int length) in inserts.Reverse())
        {
            byte[] fresh = new byte[length];
            new Random(++random).NextBytes(fresh);
            now.InsertRange(at, fresh);
        }

        using var file = new SomeFile(old, Cell);
        Assert.Equal(inserts.Sum(i => i.Length), file.New([.. now]));
    }

    [Fact]
    public void Bytes_that_were_deleted_cost_a_cell_each()
    {
        byte[] old = Content(0, 3, 9 << 20);
        var now = new List<byte>(old);
        foreach (int at in (int[])[8_000_000, 5_000_000, 3_000_001, 70_000]) { now.RemoveRange(at, 50); }
        using var file = new SomeFile(old, Cell);
        Assert.InRange(file.New([.. now]), 1, 4 * Cell);
    }

    [Fact]
    public void What_was_cut_off_or_appended_leaves_the_rest_as_it_was()
    {
        byte[] old = Content(0, 4, (6 << 20) + 1234);
        using var file = new SomeFile(old, Cell);
        Assert.Equal(5_000_000, file.New([.. old, .. Content(0, 5, 5_000_000)]));
        Assert.InRange(file.New(old[..5_000_000]), 0, Cell - 1);
        Assert.InRange(file.New(old[3_000_000..]), 0, Cell - 1);
        Assert.Equal(10_000, file.New([.. Content(0, 6, 10_000), .. old]));
    }

    [Fact]
    public void A_damaged_signature_finds_less_and_nothing_wrong()
    {
        byte[] old = Content(0, 7, 400_000), now = Edit.Apply(old, [new Edit(1, 30_000, 10), new Edit(0, 60_000, 100)]);
        using var file = new SomeFile(old, 512, sectionBytes: 50_000);
        byte[] intact = File.ReadAllBytes(file.SignaturePath);
        var random = new Random(8);
        long most = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. intact];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file.SignaturePath, i % 10 == 0 ? damaged[..random.Next(damaged.Length)] : damaged);
            using (SignatureReader? opened = file.Store.Open("file"))
            {
                if (opened is null) { continue; }
            }

            most = Math.Max(most, file.RequireExact(now, Resolvable(file, file.Compare(now))));
        }

        Assert.InRange(most, 40_000, 300_000); // whole sections were lost, not all of them
    }

    [Fact]
    public void Cells_made_to_have_equal_sums_are_told_apart()
    {
        // Every cell has the same weak sum as every other: +1 -2 +1 at another place each.
        byte[] old = new byte[1 << 20];
        Array.Fill(old, (byte)9);
        for (int cell = 0; cell < old.Length / Cell; cell++)
        {
            int at = (cell * Cell) + (cell * 8);
            (old[at], old[at + 1], old[at + 2]) = (10, 7, 10);
        }

        using var file = new SomeFile(old, Cell);
        Assert.Equal(0, file.New(old));
        byte[] now = [.. old.AsSpan(0, 300_000), 1, 2, 3, .. old.AsSpan(300_000)];
        file.New(now);
    }

    private static List<DeltaOp> Resolvable(SomeFile file, List<DeltaOp> ops)
    {
        // What lies in a section whose extents are lost is new for whoever stores it.
        using SignatureReader signature = file.Store.Open("file")!;
        return [.. ops.Select(op => op.Kind == DeltaOpKind.New || signature.TryResolve(op.Old, op.Length, []) ? op
            : op with { Kind = DeltaOpKind.New })];
    }

    private static byte[] Content(int kind, int seed, int size)
    {
        byte[] bytes = new byte[size];
        var random = new Random(seed);
        switch (kind)
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                break; // all zero
            case 2:
                // A few pages, over and over.
                byte[] pages = new byte[5 * 512];
                random.NextBytes(pages);
                for (int at = 0; at < size; at += 512)
                {
                    pages.AsSpan(random.Next(5) * 512, Math.Min(512, size - at)).CopyTo(bytes.AsSpan(at));
                }
                break;
            default:
                for (int i = 0; i < size; i++) { bytes[i] = (byte)random.Next(3); }
                break;
        }

        return bytes;
    }
}
