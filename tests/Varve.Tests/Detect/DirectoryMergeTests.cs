using System.Text;
using Varve.Detect;
using Varve.Model;

namespace Varve.Tests.Detect;

public sealed class DirectoryMergeTests
{
    private const long Running = 9;
    private static readonly SafeTimes Safe = SafeTimes.Of(new FileTime(100, 0), [(Running, new FileTime(200, 0))], 0);

    [Fact]
    public void It_agrees_with_a_naive_merge()
    {
        var random = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            EntryTable now = new(), known = new();
            var expected = new List<string>();
            for (char c = 'a'; c <= 'h'; c++) { Arrange(random, c.ToString(), now, known, expected); }
            var log = new Log(now, known);
            DirectoryMerge.Run(now, known, Safe, ChangeRules.None, ref log);
            Assert.Equal(expected, log.Lines);
        }
    }

    [Fact]
    public void A_state_is_as_young_as_the_run_that_recorded_it()
    {
        EntryTable now = new(), known = new();
        now.Add("a"u8, Stat(EntryKind.File, 150));
        now.Add("b"u8, Stat(EntryKind.File, 150));
        known.Add("a"u8, Stat(EntryKind.File, 150), first: 1);
        known.Add("b"u8, Stat(EntryKind.File, 150), first: Running);
        var log = new Log(now, known);
        DirectoryMerge.Run(now, known, Safe, ChangeRules.None, ref log);
        Assert.Equal(["differs a 1 Changed", "unchanged b 9"], log.Lines);
    }

    [Fact]
    public void Without_a_snapshot_nothing_is_safe()
    {
        SafeTimes safe = new SafeLooks([], [], [], 0).Since(gap: 0, mountKey: 0);
        EntryTable now = new(), known = new();
        now.Add("a"u8, Stat(EntryKind.File, 1));
        known.Add("a"u8, Stat(EntryKind.File, 1), first: 1);
        var log = new Log(now, known);
        DirectoryMerge.Run(now, known, safe, ChangeRules.None, ref log);
        Assert.Equal(["differs a 1 Changed"], log.Lines);
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    public void Rows_out_of_order_are_damage(string first, string second)
    {
        EntryTable known = new();
        known.Add(Encoding.ASCII.GetBytes(first), default, first: 1);
        known.Add(Encoding.ASCII.GetBytes(second), default, first: 2);
        var log = new Log(new EntryTable(), known);
        Assert.Equal(ErrorKind.Damaged,
            Assert.Throws<VarveException>(() => DirectoryMerge.Run(new EntryTable(), known, Safe, ChangeRules.None, ref log)).Kind);
    }

    private static void Arrange(Random random, string name, EntryTable now, EntryTable known, List<string> expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        int before = random.Next(5), after = random.Next(4);
        // 0 nothing known, 1 open, 2 closed by the killed run, 3 that and a state of the killed run, 4 a state of the killed run
        if (before is 1 or 2 or 3) { known.Add(bytes, Stat(EntryKind.File, 10), first: 2, last: before == 1 ? long.MaxValue : Running); }
        if (before is 3 or 4) { known.Add(bytes, Stat(EntryKind.File, 20), first: Running); }
        long first = before is 3 or 4 ? Running : 2;
        long ctime = before is 3 or 4 ? 20 : 10;
        bool open = before is 1 or 3 or 4;
        // 0 gone, 1 as it was, 2 changed, 3 another kind
        if (after != 0)
        {
            now.Add(bytes, after == 1 ? Stat(EntryKind.File, ctime) : after == 2 ? Stat(EntryKind.File, 30) : Stat(EntryKind.Fifo, 30));
        }
        switch (after)
        {
            case 0 when open:
                expected.Add($"gone {name} {first}");
                break;
            case 3 when open:
                expected.Add($"gone {name} {first}");
                expected.Add($"new {name}");
                break;
            case 3:
            case 1 or 2 when before == 0:
                expected.Add($"new {name}");
                break;
            case 1:
                expected.Add($"unchanged {name} {first}");
                break;
            case 2:
                expected.Add($"differs {name} {first} Changed");
                break;
        }
    }

    private static EntryStat Stat(EntryKind kind, long ctime) => new() { Kind = kind, Ctime = new FileTime(ctime, 0) };

    private readonly struct Log(EntryTable now, EntryTable known) : IMergeSink
    {
        public List<string> Lines { get; } = [];

        public void New(int i) => Lines.Add($"new {Encoding.ASCII.GetString(now.Name(i))}");

        public void Unchanged(int i, int k) => Lines.Add($"unchanged {Encoding.ASCII.GetString(now.Name(i))} {known.First(k)}");

        public void Differs(int i, int k, Change change) =>
            Lines.Add($"differs {Encoding.ASCII.GetString(now.Name(i))} {known.First(k)} {change}");

        public void Gone(int k) => Lines.Add($"gone {Encoding.ASCII.GetString(known.Name(k))} {known.First(k)}");
    }
}
