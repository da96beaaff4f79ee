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
            var budget = new Budget(limit);
            long stored = 0, chunks = 0;
            Parallel.For(0, 8, worker =>
            {
                var random = new Random(worker);
                int open = 0;
                while (!budget.IsSpent)
                {
                    int length = random.Next(1, 50_000);
                    if (budget.TryTake(length))
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
            Assert.False(budget.TryTake(1));
        }
    }

    [Fact]
    public void Nothing_fits_into_nothing()
    {
        Assert.True(new Budget(0).IsSpent);
        Assert.True(new Budget(-5).IsSpent);
        var small = new Budget(10 + Budget.OfChunk);
        Assert.True(small.TryTake(10));
        Assert.False(small.IsSpent);
        Assert.False(small.TryTake(1));
        Assert.True(small.IsSpent);
    }
}
