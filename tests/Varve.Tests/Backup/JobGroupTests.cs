using Varve.Backup.Content;
using Varve.Backup.Packing;

namespace Varve.Tests.Backup;

[Trait("Does", "race")]
public sealed class JobGroupTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_one_job_threw_is_thrown_only_when_none_of_its_fellows_is_under_way(bool abandoned)
    {
        var work = new WorkQueue(1, 4);
        using var begun = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        Job failed = new(static () => throw new ReadFailedException(5)), slow = new(() =>
        {
            begun.Set();
            end.Wait();
        });
        if (abandoned) { failed.Abandon(); } else { failed.Run(null!); }
        var fellow = new Thread(() => slow.Run(null!)) { IsBackground = true };
        fellow.Start();
        begun.Wait();

        // The slow one ends only when the one who waits for it does what is queued meanwhile.
        Assert.True(work.TryPut(new Job(end.Set)));
        try
        {
            Exception? thrown = Record.Exception(() => JobGroup.Await([failed, slow], work, null!));
            Assert.True(slow.IsDone);
            Assert.IsType(abandoned ? typeof(OperationCanceledException) : typeof(ReadFailedException), thrown);
        }
        finally
        {
            end.Set();
            fellow.Join();
        }
    }

    [Fact]
    public void Of_several_errors_the_first_in_order_is_thrown()
    {
        Job[] jobs = [new(static () => { }), new(static () => throw new ReadFailedException(1)),
            new(static () => throw new ReadFailedException(2))];
        foreach (Job job in jobs.Reverse()) { job.Run(null!); }
        Assert.Equal(1, Assert.Throws<ReadFailedException>(() => JobGroup.Await(jobs, new WorkQueue(1, 1), null!)).Errno);
    }

    private sealed class Job(Action work) : FileJob
    {
        protected override void Work(ChunkSink sink) => work();
    }
}
