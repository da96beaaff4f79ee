using System.Text;
using Varve.Backup;
using Varve.Backup.Clocks;
using Varve.Backup.Run;
using Varve.History;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Walk;

namespace Varve.Tests.Backup;

/// <summary>The program's clock is not the one that stamps the files.</summary>
[Trait("Does", "race")]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class SkewedClockTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void A_change_within_the_second_of_a_backup_is_found_however_far_ahead_the_clock_is_of_coarse_stamps(int seconds)
    {
        string image = _rig["image"];
        Programs.Run("truncate", "-s", "60M", image);
        Programs.Run("mke2fs", "-q", "-t", "ext4", "-I", "128", "-F", image);
        Programs.Run("mount", "-o", "loop", image, _rig.Source);
        try
        {
            _rig.Time = new LaterTime(TimeSpan.FromSeconds(seconds));
            for (int i = 0; i < 2; i++)
            {
                FileClock.AwaitSecond();
                Write($"before{i}");
                _rig.Backup();
                Write($"after_{i}"); // of the same size
                FileClock.SettleCoarse();
                Assert.Equal($"after_{i}", Stored(_rig.Backup()));
            }

            if (seconds < 0) { return; } // whatever is younger than that is read again: nothing by that clock was before it began
            FileClock.SettleCoarse();
            _rig.Backup();
            Assert.Equal(0, _rig.Backup().Snapshot.Counts.BytesRead); // once is enough
        }
        finally { Programs.Run("umount", "-l", _rig.Source); }
    }

    [Theory]
    [InlineData("the same place")]
    [InlineData("a rebuilt catalog")]
    [InlineData("another place each time")]
    public void What_is_read_from_another_place_is_read_again_once_and_not_in_every_run(string how)
    {
        string canonical = _rig["canonical"];
        Write("newest");
        BackupResult first = FromElsewhere(canonical, _rig.Source);
        Assert.Equal(6, first.Snapshot.Counts.BytesRead);
        string[] places = [_rig.Source, _rig.Source, _rig.Source];
        if (how == "another place each time")
        {
            places = [.. places.Select((_, i) => Directory.CreateDirectory(_rig[$"copy{i}"]).FullName)];
            foreach (string place in places) { Programs.Run("mount", "--bind", _rig.Source, place); }
        }

        try
        {
            var read = new List<long>();
            foreach (string place in places)
            {
                FileClock.SettleCoarse();
                if (how == "a rebuilt catalog")
                {
                    using Repository repository = _rig.Open();
                    CatalogMaintenance.Rebuild(repository, null, default);
                }

                read.Add(FromElsewhere(canonical, place).Snapshot.Counts.BytesRead);
            }

            Assert.Equal([6, 0, 0], read);
        }
        finally
        {
            foreach (string place in places.Where(p => p != _rig.Source)) { Programs.Run("umount", "-l", place); }
        }
    }

    [Fact]
    public void A_stamp_tells_what_time_it_was_at_the_beginning_less_the_time_since_and_a_new_file_tells_it_better()
    {
        var time = new StoppedTime();
        var clocks = new SourceClocks(time, lead: 0) { MayProbe = true };
        time.Seconds = 10;
        clocks.See(7, new FileTime(1000, 0));
        Assert.Equal([new FileSystemClock(7, new FileTime(990, 0))], clocks.Known);
        time.Seconds = 100;
        clocks.See(7, new FileTime(1050, 0)); // older, though later
        clocks.See(8, new FileTime(5, 0));
        Assert.Equal([new FileSystemClock(7, new FileTime(990, 0)), new FileSystemClock(8, new FileTime(-95, 0))], clocks.Known);
        Assert.Null(clocks.Now(7));

        DirectoryHandle here = DirectoryHandle.Open(Encoding.UTF8.GetBytes(_rig.Source), out _)!;
        clocks.Ask(7, here.Fd);
        here.Release();
        FileTime asked = clocks.Known[0].Time;
        Assert.True(asked > new FileTime(1_700_000_000, 0), asked.ToString());
        clocks.See(7, asked.Plus(1_000_000_000_000)); // stamped when the clock was wrong, perhaps
        Assert.Equal(asked, clocks.Known[0].Time);
        time.Seconds = 101;
        Assert.Equal(asked.Plus(101_000_000_000), clocks.Now(7));
    }

    private BackupResult FromElsewhere(string canonical, string place)
    {
        using Repository repository = _rig.Open();
        return BackupRunner.Run(repository,
            new BackupOptions { RootPath = Encoding.UTF8.GetBytes(place), CanonicalRoot = Encoding.UTF8.GetBytes(canonical) },
            new BackupMonitor(), default);
    }

    private void Write(string text)
    {
        string file = Path.Combine(_rig.Source, "file");
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, 0);
        stream.Write(Encoding.ASCII.GetBytes(text));
    }

    private string Stored(BackupResult result)
    {
        string target = _rig.Restore(result.Name, out _);
        string text = File.ReadAllText(Path.Combine(target, "file"));
        Programs.Run("rm", "-rf", target);
        return text;
    }

    private sealed class StoppedTime : TimeProvider
    {
        internal int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
