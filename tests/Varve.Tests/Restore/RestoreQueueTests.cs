using System.Collections.Concurrent;
using System.Text;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Restore.Target;
using Varve.Restore.Write;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Restore;

/// <summary>What is planned is gathered by block: nothing is lost, nothing is done twice, and what waits is bounded.</summary>
public sealed class RestoreQueueTests : IDisposable
{
    private const int BlockLength = 1000, PieceLength = 100;

    private readonly ZooDirectory _scratch = new();
    private readonly TargetDirectory _directory;
    private readonly RestoreQueue _queue = new(maxLarge: 2);

    public RestoreQueueTests() => _directory = Target.Open(_scratch["target"]);

    public void Dispose()
    {
        _queue.Stop();
        _directory.Release();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_block_is_handed_out_when_all_of_it_is_wanted_with_its_pieces_in_the_order_of_planning()
    {
        for (int i = 0; i < 9; i++)
        {
            Assert.True(Add(block: 2, i));
            Assert.True(Add(block: 1, i));
        }

        Assert.True(Add(block: 1, 9));
        Assert.True(_queue.Take(out WantedBlock? wanted));
        Assert.Equal(1u, wanted.Block.Number);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"1-{i}"), Names(wanted));
        _queue.Done(wanted);

        // What comes for a block that was taken is a new object, and does not mix with what the pool gave.
        Assert.True(Add(block: 1, 3));
        Task drain = Task.Run(_queue.Drain, TestContext.Current.CancellationToken);
        Assert.True(_queue.Take(out wanted));
        Assert.Equal(["1-3"], Names(wanted));
        _queue.Done(wanted);
        Assert.True(_queue.Take(out wanted));
        Assert.Equal(9, wanted.Count);
        Assert.False(drain.IsCompleted);
        _queue.Done(wanted);
        await drain;
    }

    [Fact]
    public async Task What_is_incomplete_waits_until_there_is_no_room_and_then_the_older_half_goes_in_the_order_of_blocks()
    {
        // Numbers descend, so that the order of planning is not that of blocks.
        const uint first = 1_000_000;
        for (uint i = 0; i < RestoreQueue.MaxPieces; i++) { Assert.True(Add(first - i, 0)); }
        Task<bool> oneMore = Task.Run(() => Add(first - RestoreQueue.MaxPieces, 0), TestContext.Current.CancellationToken);
        var taken = new List<uint>();
        for (int i = 0; i < RestoreQueue.MaxPieces / 2; i++)
        {
            Assert.True(_queue.Take(out WantedBlock? wanted));
            taken.Add(wanted.Block.Number);
            _queue.Done(wanted);
        }

        Assert.True(await oneMore);
        Assert.Equal(Enumerable.Range(0, RestoreQueue.MaxPieces / 2).Select(i => first - (uint)i).Order(), taken);
    }

    [Fact]
    public async Task A_worker_without_work_is_given_what_is_incomplete_once_there_is_enough()
    {
        Task<uint> worker = Task.Run(() =>
        {
            Assert.True(_queue.Take(out WantedBlock? wanted));
            return wanted.Block.Number;
        }, TestContext.Current.CancellationToken);
        for (uint i = 0; i < RestoreQueue.MaxPieces && !worker.IsCompleted; i++) { Assert.True(Add(i, 0)); }
        Assert.Equal(0u, await worker);
    }

    [Fact]
    public async Task A_large_file_more_than_may_be_open_waits_and_what_the_open_ones_need_is_given_to_the_workers()
    {
        Assert.True(Add(block: 1, 0));
        Assert.True(_queue.BeginLarge());
        Assert.True(_queue.BeginLarge());
        Task<bool> third = Task.Run(_queue.BeginLarge, TestContext.Current.CancellationToken);
        Assert.True(_queue.Take(out WantedBlock? wanted));
        Assert.False(third.IsCompleted);
        _queue.Done(wanted);
        _queue.EndLarge();
        Assert.True(await third);
    }

    [Fact]
    public async Task Stopping_releases_whoever_waits()
    {
        Assert.True(Add(1, 0));
        Task[] waiting =
        [
            Task.Run(_queue.Drain, TestContext.Current.CancellationToken),
            Task.Run(() => { while (_queue.Take(out _)) { } }, TestContext.Current.CancellationToken),
        ];
        _queue.Stop();
        await Task.WhenAll(waiting);
        Assert.False(Add(1, 1));
        Assert.False(_queue.Take(out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_piece_comes_out_once_whatever_the_order_and_never_do_too_many_wait(int workers)
    {
        var random = new Random(workers);
        var planned = new List<string>();
        var written = new ConcurrentBag<string>();
        int waiting = 0, most = 0, runs = 0;
        Task[] tasks = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(() =>
        {
            while (_queue.Take(out WantedBlock? wanted))
            {
                Interlocked.Add(ref waiting, -wanted.Count);
                Interlocked.Increment(ref runs);
                foreach (string name in Names(wanted)) { written.Add(name); }
                _queue.Done(wanted);
            }
        }))];
        for (int i = 0; i < 100_000; i++)
        {
            // Near blocks, seldom a far one, and files without data.
            uint block = random.Next(20) == 0 ? (uint)random.Next(10_000) : (uint)(i / 30 + random.Next(8));
            bool bare = random.Next(10) == 0;
            Assert.True(bare ? _queue.AddBare(_directory, Encoding.UTF8.GetBytes($"bare-{i}"), default, default) : Add(block, i));
            planned.Add(bare ? $"bare-{i}" : $"{block}-{i}");
            most = Math.Max(most, Interlocked.Increment(ref waiting));
        }

        _queue.Drain();
        Assert.Equal(planned.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
        _queue.Stop();
        await Task.WhenAll(tasks);
        Assert.InRange(most, 1, RestoreQueue.MaxPieces + workers * 2000);
        Assert.InRange(runs, 1, 40_000);
    }

    private bool Add(uint block, int i)
    {
        var at = new BlockLocation(default, PackKind.Data, block, block * BlockLength, BlockLength, BlockLength, Codec.Raw);
        uint offset = (uint)(i % 10 * PieceLength);
        return _queue.AddSmall(
            _directory, Encoding.UTF8.GetBytes($"{block}-{i}"), default, default, new Extent(default, 0, PieceLength),
            new ChunkLocation(at, offset, PieceLength));
    }

    private static List<string> Names(WantedBlock wanted)
    {
        var names = new List<string>();
        foreach (ref readonly WantedBlock.Piece piece in wanted.Pieces)
        {
            names.Add(Encoding.UTF8.GetString(wanted.Small.Name(piece.File)));
        }
        return names;
    }
}
