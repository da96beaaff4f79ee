using Varve.Model;
using Varve.Tests.Kit;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Vault;

public sealed class EntryBudgetTests
{
    [Theory]
    [InlineData(0, 10_000)]
    [InlineData(100, 10_110)]
    [InlineData(1_000_000, 1_110_000)]
    public void A_snapshot_gives_out_what_it_counts_a_tenth_and_10000_more(long counted, long most)
    {
        var budget = new EntryBudget(Of(new SnapshotCounts { Files = counted / 2, Symlinks = counted - (counted / 2) }), false);
        for (long i = 0; i < most; i++) { Assert.True(budget.Take()); }
        Assert.False(budget.Take());
        VarveException e = budget.Beyond();
        Assert.Equal((ErrorKind.Damaged, Advice.LiftLimits), (e.Kind, e.Advice));
    }

    [Fact]
    public void Bytes_are_counted_too_and_their_sum_saturates()
    {
        const long counted = 1L << 40;
        var budget = new EntryBudget(Of(new SnapshotCounts { Files = 9, Bytes = counted }), false);
        Assert.True(budget.Take(counted + (counted / 10) + EntryBudget.FreeBytes));
        Assert.False(budget.Take(1));
        Assert.False(budget.Take(long.MaxValue));
        Assert.False(budget.Take(long.MaxValue));
    }

    [Fact]
    public void Whatever_it_counts_more_than_a_billion_entries_or_2_to_the_62_bytes_want_to_be_asked_for()
    {
        foreach (SnapshotCounts counts in (SnapshotCounts[])[new() { Files = 1_000_000_001 }, new() { Bytes = (1L << 62) + 1 },
            new() { Files = long.MaxValue, Directories = long.MaxValue, Bytes = long.MaxValue }])
        {
            Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(new EntryBudget(Of(counts), false).RequireWithin).Kind);
            new EntryBudget(Of(counts), true).RequireWithin();
        }

        new EntryBudget(Of(new SnapshotCounts { Files = 1_000_000_000, Bytes = 1L << 62 }), false).RequireWithin();
        var budget = new EntryBudget(Of(new SnapshotCounts { Files = long.MaxValue, Bytes = long.MaxValue }), false);
        Assert.True(budget.Take(1L << 62));
        Assert.False(budget.Take(1));
        Assert.Equal(ErrorKind.Usage, budget.Beyond().Kind);
    }

    [Fact]
    public void Who_asks_for_all_gets_all()
    {
        var budget = new EntryBudget(Of(new SnapshotCounts()), true);
        for (int i = 0; i < 20_000; i++) { Assert.True(budget.Take(long.MaxValue)); }
    }

    private static SnapshotInfo Of(SnapshotCounts counts) => new(Some.Name(1), new Snapshot
    {
        Start = default, End = default, Counts = counts, Program = "test",
    });
}
