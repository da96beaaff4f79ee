using System.Text;
using Varve.Backup;
using Varve.Model;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Backup;

/// <summary>
/// Invariant 7: files that others change while they are read come out as they stood at one moment, or flagged and reported. What was
/// changed never stands in a state that <see cref="States"/> would not recognise.
/// </summary>
[Trait("Does", "race")]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class ChangingFilesTests
{
    private const int Rounds = 12;

    [Theory]
    [InlineData("tmpfs")]
    [InlineData("ramfs")] // its timestamps are as coarse as the kernel's tick, on every kernel
    public void No_file_is_torn_without_its_flag(string fileSystem)
    {
        using var rig = new Rig();
        Programs.Run("mount", "-t", fileSystem, "varve-test", rig.Source);
        try { Run(rig); }
        finally { Programs.Run("umount", "-l", rig.Source); }
    }

    [Fact]
    public void A_change_while_it_is_read_within_the_second_of_the_change_before_is_noticed_where_timestamps_are_seconds()
    {
        using var rig = new Rig();
        string image = rig["image"], file = Path.Combine(rig.Source, "file");
        Programs.Run("truncate", "-s", "160M", image);
        Programs.Run("mkfs.ext4", "-q", "-F", "-I", "128", image); // inodes without room for nanoseconds
        Programs.Run("mount", "-o", "loop", image, rig.Source);
        try
        {
            byte[] before = ChangingTree.Content(1, 80 << 20);
            File.WriteAllBytes(file, before);
            DateTime mtime = File.GetLastWriteTimeUtc(file);
            bool touched = false;
            int stored = 0; // by two threads at once
            BackupResult result = rig.Backup(store: new HookStore(rig.Store)
            {
                After = o =>
                {
                    if (!touched && o.StartsWith("list snapshots/", StringComparison.Ordinal))
                    {
                        // Right before the walk, and early in a second.
                        touched = true;
                        FileClock.AwaitSecond();
                        File.SetLastWriteTimeUtc(file, mtime);
                    }
                    else if (o.StartsWith("put packs/", StringComparison.Ordinal) && Interlocked.Increment(ref stored) == 1)
                    {
                        // A part is stored, a part not yet read.
                        using FileStream stream = Open(file);
                        RandomAccess.Write(stream.SafeFileHandle, new byte[4096], 0);
                        RandomAccess.Write(stream.SafeFileHandle, new byte[4096], before.Length - 4096);
                        File.SetLastWriteTimeUtc(file, mtime);
                    }
                },
            });
            Assert.True(touched && stored > 1);
            byte[] restored = File.ReadAllBytes(Path.Combine(rig.Restore(result.Name, out _), "file"));
            bool newStart = restored.AsSpan(0, 4096).IndexOfAnyExcept((byte)0) < 0,
                newEnd = restored.AsSpan(^4096..).IndexOfAnyExcept((byte)0) < 0;
            Assert.True(newStart == newEnd || result.FailureCount == 1,
                $"the start is {(newStart ? "new" : "old")}, the end {(newEnd ? "new" : "old")}");
        }
        finally { Programs.Run("umount", "-l", rig.Source); }
    }

    private static void Run(Rig rig)
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(rig.Source, "excluded")).FullName;
        string[] files = [.. Enumerable.Range(0, Sorts.Length * 2)
            .Select(i => Path.Combine(Directory.CreateDirectory(Path.Combine(rig.Source, $"d{i % 3}")).FullName, $"f{i}"))];
        for (int i = 0; i < files.Length; i++) { Sorts[i % Sorts.Length].Change(files[i], Path.Combine(elsewhere, "first"), 0); }
        using var stop = new ManualResetEventSlim();
        Thread[] writers = [.. files.Chunk(Sorts.Length)
            .Select((some, w) => new Thread(() => Write(some, Path.Combine(elsewhere, $"w{w}"), w, stop)) { IsBackground = true })];
        foreach (Thread writer in writers) { writer.Start(); }
        int torn = 0, whole = 0;
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                BackupResult result = rig.Backup();
                Assert.Equal(result.FailureCount > 0, result.Snapshot.HasFailures);
                HashSet<string> reported = [.. result.Failures.Where(static f => f.Operation == FailedOperation.Changed)
                    .Select(static f => Encoding.UTF8.GetString(f.Path))];
                string target = rig.Restore(result.Name, out RestoreResult restore);
                // Also what failed otherwise, here or in restoring: a file that is missing has one of these reasons.
                string failures = string.Join("; ",
                    result.Failures.Concat(restore.Failures)
                    .Select(static f => $"{PathText.Of(f.Path)}: {f.Operation} {f.Errno} {f.Message}"));
                for (int i = 0; i < files.Length; i++)
                {
                    string name = Path.GetRelativePath(rig.Source, files[i]);
                    string restored = Path.Combine(target, name);
                    bool stood = File.Exists(restored) && Sorts[i % Sorts.Length].IsMoment(File.ReadAllBytes(restored));
                    Assert.True(stood || reported.Contains(name),
                        $"round {round}: {name} is torn, and nothing says so: "
                        + $"{(File.Exists(restored) ? States.Describe(File.ReadAllBytes(restored)) : "missing")}; failures: {failures}");
                    if (reported.Contains(name)) { torn++; }
                    else { whole++; }
                }

                Programs.Run("rm", "-rf", target);
            }
        }
        finally
        {
            stop.Set();
            foreach (Thread writer in writers) { writer.Join(); }
        }

        Assert.True(whole > 0, $"{torn} torn, {whole} whole: nothing came through");
        rig.RequireClean("in the end");
        Directory.Delete(elsewhere, recursive: true);
        rig.RequireRestores(rig.Backup().Name, rig.Source, "at rest");
    }

    private sealed record Sort(Action<string, string, long> Change, Func<byte[], bool> IsMoment);

    private static readonly Sort[] Sorts =
    [
        // Rewritten in place, always of one size: nothing but the timestamps tells. Short, because a write that takes longer than a tick
        // cannot be told from one that is over.
        new(static (file, _, n) => Overwrite(file, States.Fixed(n, 80)), static b => States.IsMomentOfOverwriting(b)),
        new(static (file, _, n) => Overwrite(file, States.Fixed(n, 700)), static b => States.IsMomentOfOverwriting(b)),
        new(static (file, _, n) => Overwrite(file, States.Fixed(n, 2_000)), static b => States.IsMomentOfOverwriting(b)),
        new(Append, static b => States.IsMomentOfAppending(b, mayBeUnderWay: true)),
        new(Exchange, static b => States.IsMomentOfAppending(b, mayBeUnderWay: false)),
        new(ExchangeLarge, static b => States.IsMomentOfOverwriting(b)),
        new(Truncate, static b => States.IsMomentOfAppending(b, mayBeUnderWay: true)),
    ];

    private static void Overwrite(string file, byte[] state)
    {
        using FileStream stream = Open(file);
        if (stream.Length != state.Length) { stream.SetLength(0); }
        RandomAccess.Write(stream.SafeFileHandle, state, 0);
    }

    private static void Append(string file, string scratch, long number)
    {
        using FileStream stream = Open(file);
        if (stream.Length > 2 << 20) { stream.SetLength(0); }
        RandomAccess.Write(stream.SafeFileHandle, States.Varying(number), stream.Length);
    }

    private static void Exchange(string file, string scratch, long number)
    {
        File.WriteAllBytes(scratch, States.Varying(number));
        File.Move(scratch, file, overwrite: true);
    }

    private static void ExchangeLarge(string file, string scratch, long number)
    {
        File.WriteAllBytes(scratch, States.Fixed(number, 100_000));
        File.Move(scratch, file, overwrite: true);
    }

    private static void Truncate(string file, string scratch, long number)
    {
        using FileStream stream = Open(file);
        stream.SetLength(0);
        RandomAccess.Write(stream.SafeFileHandle, States.Varying(number), 0);
    }

    private static FileStream Open(string file) => new(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, 0);

    private static void Write(string[] files, string scratch, int seed, ManualResetEventSlim stop)
    {
        var random = new Random(seed);
        var numbers = new long[files.Length];
        while (!stop.IsSet)
        {
            int i = random.Next(files.Length);
            Sorts[i].Change(files[i], scratch, ++numbers[i]);

            // Bursts, then rest: some files hold still for a while.
            if (random.Next(12) == 0) { stop.Wait(random.Next(60)); }
        }
    }
}
