using System.Text;
using Varve.Backup;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Backup;

/// <summary>
/// A file that is rewritten right after the scan, with the same size and the same modification time, is read again by the next run.
/// </summary>
[Trait("Does", "race")]
[Trait("Needs", "root")]
public sealed class RacyTimestampTests
{
    [Theory]
    [InlineData("tmpfs", 30)]
    [InlineData("ramfs", 60)] // no finer timestamps than the tick: the change time is often equal too
    [InlineData("ext4", 20)]
    public void A_change_in_the_same_granule_as_the_scan_is_found(string fileSystem, int rounds)
    {
        using var rig = new Rig();
        string image = rig["image"];
        if (fileSystem == "ext4")
        {
            Programs.Run("truncate", "-s", "32M", image);
            Programs.Run("mkfs.ext4", "-q", "-F", image);
            Programs.Run("mount", "-o", "loop", image, rig.Source);
        }
        else { Programs.Run("mount", "-t", fileSystem, "varve-test", rig.Source); }

        try
        {
            var mtime = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
            string file = Path.Combine(rig.Source, "file"), link = Path.Combine(rig.Source, "link");
            File.WriteAllText(file, Text(0));
            rig.Backup();
            for (int round = 1; round <= rounds; round++)
            {
                int before = 0, after = 0; // packs may be stored by two threads at once
                int number = round;
                rig.Backup(store: new HookStore(rig.Store)
                {
                    After = o =>
                    {
                        // Right before the walk: the catalog is open. Right after: something of it is stored.
                        if (o.StartsWith("list snapshots/", StringComparison.Ordinal) && Interlocked.Increment(ref before) == 1)
                        {
                            Write(2 * number);
                        }
                        else if (o.StartsWith("put packs/", StringComparison.Ordinal) && Interlocked.Increment(ref after) == 1)
                        {
                            Write((2 * number) + 1);
                        }
                    },
                });
                Assert.True(before > 0 && after > 0);
                BackupResult next = rig.Backup();
                string target = rig.Restore(next.Name, out _);
                Assert.Equal(Text((2 * number) + 1), File.ReadAllText(Path.Combine(target, "file")));
                Assert.Equal(Text((2 * number) + 1), new FileInfo(Path.Combine(target, "link")).LinkTarget);
                Programs.Run("rm", "-rf", target);
            }

            void Write(int number)
            {
                using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0))
                {
                    stream.Write(Encoding.ASCII.GetBytes(Text(number)));
                }
                File.SetLastWriteTimeUtc(file, mtime);
                File.Delete(link);
                File.CreateSymbolicLink(link, Text(number));
            }
        }
        finally { Programs.Run("umount", "-l", rig.Source); }
    }

    [Fact]
    public void Of_two_writes_within_one_granule_with_the_scan_between_them_none_is_missed()
    {
        using var rig = new Rig();
        string image = rig["image"], file = Path.Combine(rig.Source, "file");
        Programs.Run("truncate", "-s", "32M", image);
        Programs.Run("mkfs.ext4", "-q", "-F", "-I", "128", image); // timestamps of whole seconds
        Programs.Run("mount", "-o", "loop", image, rig.Source);
        try
        {
            int hits = 0;
            for (int round = 0; round < 200 && hits < 3; round++)
            {
                File.WriteAllText(file, Text(3 * round));
                rig.Backup();
                EntryStat first = default, second = default;
                int before = 0, after = 0;
                int number = 3 * round;
                Gate.Visit(point =>
                {
                    if (point == Gate.Frozen && Interlocked.Increment(ref before) == 1)
                    {
                        FileClock.AwaitSecond(); // There is time for the scan and another write in it.
                        first = Write(number + 1);
                    }
                    else if (point == Gate.BatchRead && Interlocked.Increment(ref after) == 1) { second = Write(number + 2); }
                });
                rig.Backup();
                Gate.Visit(null);
                Assert.True(before > 0 && after > 0);
                if (first.Ctime == second.Ctime) { hits++; }
                string target = rig.Restore(rig.Backup().Name, out _);
                Assert.Equal(Text(number + 2), File.ReadAllText(Path.Combine(target, "file")));
                Programs.Run("rm", "-rf", target);
            }

            Assert.True(hits > 0, "both writes were never within one second");
        }
        finally { Programs.Run("umount", "-l", rig.Source); }

        EntryStat Write(int number)
        {
            using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0))
            {
                stream.Write(Encoding.ASCII.GetBytes(Text(number)));
            }
            Assert.Equal(0, Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(file), out EntryStat stat));
            return stat;
        }
    }

    private static string Text(int number) => $"number {number:00000000}";
}
