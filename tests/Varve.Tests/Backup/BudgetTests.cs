using Varve.Backup.Packing;

namespace Varve.Tests.Backup;

public sealed class BudgetTests
{
    [Fact]
    public void What_is_stored_never_exceeds_the_limit_however_many_threads_take_from_it()
    {
        for (int round = 0; round < 20; round++)
        {
            const long limit = 10_000_000;
            var budget = new Budget(limit, bySize: false, 1 << 14);
            long stored = 0, chunks = 0;
            Parallel.For(0, 8, worker =>
            {
                var random = new Random(worker);
                int open = 0;
                while (true)
                {
                    int length = random.Next(1, 50_000);
                    bool fits = budget.TryTake(length);
                    if (!fits && open == 0) { break; }
                    if (!fits) { Close(); }
                    else
                    {
                        if (random.Next(5) == 0) { budget.GiveBack(length); }
                        else
                        {
                            open += length;
                            Interlocked.Increment(ref chunks);
                        }
                    }

                    Assert.InRange(budget.Used, 0, limit);
                    if (open >= 200_000) { Close(); }
                }

                Close(); // whoever spends the budget, the others still have something open

                void Close()
                {
                    int came = random.Next(open + 1);
                    budget.Settle(open, came);
                    Interlocked.Add(ref stored, came);
                    open = 0;
                }
            });
            Assert.Equal(stored + (chunks * Budget.OfChunk), budget.Used);
            Assert.InRange(stored, 1, limit);
        }
    }

    [Fact]
    public void What_does_not_fit_raw_fits_when_open_blocks_are_closed()
    {
        var budget = new Budget(1_000_000, bySize: false, 1 << 14);
        int open = 0, closed = 0;
        budget.CloseBlocks = () =>
        {
            budget.Settle(open, open / 10);
            (open, closed) = (0, closed + 1);
        };
        int chunks = 0;
        for (; budget.TryTake(50_000) || budget.TryTakeSettled(50_000); chunks++) { open += 50_000; }
        Assert.InRange(chunks, 1_000_000 / (5_000 + Budget.OfChunk) - 10, 1_000_000 / (5_000 + Budget.OfChunk));
        Assert.InRange(budget.Used, 940_000, 1_000_000);
        Assert.InRange(closed, 2, 40); // each time the rest shrinks by a tenth
        Assert.False(budget.IsSpent);
        budget.Misfit(1);
        Assert.True(budget.IsSpent); // nine tenths are used
    }

    [Fact]
    public void A_misfit_before_nine_tenths_are_used_is_not_the_end_unless_too_many_were_tried()
    {
        var budget = new Budget(1_000_000, bySize: false, 1 << 14);
        Assert.True(budget.TryTakeStored(800_000));
        Assert.False(budget.TryTakeStored(300_000));
        budget.MisfitTried(300_000);
        Assert.False(budget.IsSpent);
        for (int i = 0; i < 300 && !budget.IsTryingOver; i++) { budget.Misfit(300_000); }
        Assert.True(budget.IsTryingOver);
        Assert.False(budget.IsSpent);
        budget.MisfitTried(1);
        Assert.True(budget.IsSpent);
    }

    [Fact]
    public void Sizes_count_as_wholes_where_they_count()
    {
        var budget = new Budget(1000, bySize: true, 1 << 14);
        Assert.True(budget.TryTakeFile(600));
        Assert.True(budget.TryTake(1 << 20));
        Assert.False(budget.TryTakeFile(401));
        budget.Misfit(0);
        Assert.False(budget.IsSpent);
        Assert.True(budget.TryTakeFile(400));
        Assert.True(budget.TryTakeFile(0));
        Assert.Equal(1000, budget.Used);
        budget.Misfit(0);
        Assert.True(budget.IsSpent);
        budget.GiveBackFile(400);
        Assert.Equal(600, budget.Used);
    }

    [Fact]
    public void Nothing_fits_into_nothing()
    {
        Assert.True(new Budget(0, bySize: false, 1).IsSpent);
        Assert.True(new Budget(-5, bySize: true, 1).IsSpent);
        var small = new Budget(10 + Budget.OfChunk, bySize: false, 1);
        Assert.True(small.TryTake(10));
        Assert.False(small.TryTake(1));
        small.Settle(10, 10);
        Assert.False(small.TryTakeSettled(1));
        small.Misfit(1);
        Assert.True(small.IsSpent);
    }
}
