using System.Text;
using Varve.History.Differences;
using Varve.Model;
using Varve.Platform;
using Varve.Service;
using Varve.Tests.Kit;

namespace Varve.Tests.Service;

/// <summary>What a drill says of single files, and which it chooses.</summary>
public sealed class DrillJudgeTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly DrillResult _result = new() { Snapshots = [], Seed = 0 };

    public void Dispose() => _d.Dispose();

    [Fact]
    public void Other_bytes_of_which_nothing_says_that_they_changed_are_a_fault()
    {
        ListedEntry live = Write("live", "live");
        File.WriteAllText(At("copy"), "copy");
        SameTimes(live);
        Judge(live);
        Assert.Contains("nothing says that it changed", Assert.Single(_result.Faults).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_bytes_are_none_when_the_ctime_tells()
    {
        ListedEntry live = Write("live", "live");
        File.WriteAllText(At("copy"), "copy");
        SameTimes(live);
        File.SetUnixFileMode(At("live"), UnixFileMode.UserRead);
        // Where ctime is coarse, it may be the same as before.
        Poll.Until(() =>
        {
            File.SetUnixFileMode(At("live"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return Stat("live").Ctime != live.Changed;
        }, "the clock of the file system goes on");
        Judge(live);
        Assert.Equal((0L, 1L), (_result.FaultCount, _result.Changed));
    }

    [Theory]
    [InlineData(0, "another size or time")]
    [InlineData(1, "is not there")]
    public void What_came_back_otherwise_or_not_at_all_is_a_fault(int way, string problem)
    {
        ListedEntry live = Write("live", "live");
        if (way == 0) { File.WriteAllText(At("copy"), "longer than that"); }
        Judge(live);
        Assert.Contains(problem, Assert.Single(_result.Faults).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_file_has_the_same_chance_and_none_is_too_large()
    {
        var counts = new int[20];
        for (int seed = 0; seed < 2000; seed++)
        {
            var sample = new DrillSample(new Random(seed), most: 5, mostBytes: 100);
            for (int i = 0; i < 20; i++) { sample.Offer(null!, Entry(i, EntryKind.File, i == 7 ? 101 : 10)); }
            sample.Offer(null!, Entry(20, EntryKind.Directory, 0));
            Assert.Equal(20, sample.Seen);
            IReadOnlyList<DrillFile> taken = sample.Take();
            Assert.Equal(5, taken.Count);
            foreach (DrillFile file in taken) { counts[file.Entry.Path[0]]++; }
        }

        Assert.Equal(0, counts[7]);
        Assert.All(counts.Where((_, i) => i != 7), static c => Assert.InRange(c, 2000 * 5 / 19 * 0.8, 2000 * 5 / 19 * 1.2));
    }

    private void Judge(ListedEntry live) =>
        new DrillJudge(_result).Judge(new DrillFile(null!, live), Encoding.UTF8.GetBytes(At("copy")), LivePlace.At(_d.PathBytes, []));

    private ListedEntry Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return new ListedEntry(Encoding.UTF8.GetBytes(name), Stat(name), 0, null, null, null);
    }

    private static ListedEntry Entry(int number, EntryKind kind, long size) =>
        new([(byte)number], new EntryStat { Kind = kind, Size = size }, 0, null, null, null);

    private void SameTimes(ListedEntry live) =>
        Assert.Equal("", Programs.Run("touch", "-r", At("live"), At("copy")).Trim() + (Stat("copy").Mtime == live.Modified ? "" : "differs"));

    private EntryStat Stat(string name)
    {
        Assert.Equal(0, Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(At(name)), out EntryStat stat));
        return stat;
    }

    private string At(string name) => Path.Combine(_d.Path, name);
}
