using System.Diagnostics;
using System.Globalization;
using System.Text;
using Varve.Backup;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Backup;

/// <summary>
/// Backups in a loop of SQLite databases that a real writer (database.py) works with. Each restored database opens, is sound and adds up,
/// or one of its files is flagged; and some come through without a flag. VARVE_DATABASE_BACKUPS says how many backups, for who has time for
/// more.
/// </summary>
[Trait("Does", "race")]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class DatabaseTests
{
    private static readonly string[] s_modes = ["wal", "delete", "truncate", "persist"];

    [Theory]
    [InlineData("tmpfs", 30)]
    [InlineData("ramfs", 6)] // its timestamps are as coarse as the kernel's tick, on every kernel
    [InlineData("ext4", 12)]
    [InlineData("xfs", 6)]
    [InlineData("btrfs", 6)]
    public void A_live_database_comes_out_as_of_one_moment_or_is_flagged(string fileSystem, int backups)
    {
        using var rig = new Rig();
        using var mount = new LoopMount(fileSystem, rig.Source);
        string script = Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/Backup/database.py");
        Process[] writers = [.. s_modes.Select(mode => Start([script, "write", mode, Path.Combine(rig.Source, mode + ".db")]))];
        int flagged = 0, exact = 0;
        string? asked = Environment.GetEnvironmentVariable("VARVE_DATABASE_BACKUPS");
        int rounds = asked is null ? backups : int.Parse(asked, CultureInfo.InvariantCulture);
        var problems = new List<string>();
        try
        {
            foreach (Process writer in writers) { Assert.Equal("ready", writer.StandardOutput.ReadLine()); }
            for (int round = 0; round < rounds; round++)
            {
                BackupResult result = rig.Backup();
                HashSet<string> torn = [.. result.Failures.Where(static f => f.Operation == FailedOperation.Changed)
                    .Select(static f => Encoding.UTF8.GetString(f.Path).Split('-')[0])];
                string target = rig.Restore(result.Name, out _);
                string[] whole = [.. s_modes.Select(static m => m + ".db").Where(n => !torn.Contains(n))];
                using Process check = Start([script, "check", .. whole.Select(n => Path.Combine(target, n))]);
                string said = check.StandardOutput.ReadToEnd() + check.StandardError.ReadToEnd();
                if (said.Length > 0) { problems.Add($"round {round}: {said}"); }
                exact += whole.Length;
                flagged += s_modes.Length - whole.Length;
                Programs.Run("rm", "-rf", target);
            }
        }
        finally
        {
            foreach (Process writer in writers)
            {
                writer.Kill();
                writer.WaitForExit();
                writer.Dispose();
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{fileSystem}: {exact} exact, {flagged} flagged");
        Assert.True(problems.Count == 0, $"wrong, and nothing says so ({exact} exact, {flagged} flagged): {string.Join("", problems)}");
        Assert.True(exact > 0, $"{flagged} flagged, none exact");
    }

    [Theory]
    [InlineData("btrfs", true)]
    [InlineData("ext4", false)]
    public void What_never_holds_still_is_noted_with_the_snapshot_of_the_file_system_where_one_is_possible(string fileSystem, bool possible)
    {
        using var rig = new Rig();
        using var mount = new LoopMount(fileSystem, rig.Source);
        string[] files = [.. ((string[])["a.db", "a.db-wal"]).Select(n => Path.Combine(rig.Source, n))];
        foreach (string file in files) { File.WriteAllText(file, "0"); }
        int number = 0;
        BackupResult result;
        try
        {
            Gate.Visit(point =>
            {
                if (point == Gate.Copied) { File.WriteAllText(files[++number % 2], $"{number % 10}"); }
            });
            result = rig.Backup();
        }
        finally { Gate.Visit(null); }
        Assert.Equal(2, result.Torn);
        Assert.Equal(possible, result.Notes.Any(static n => n.Advice == Advice.FreezeFiles));
    }

    [Theory]
    [InlineData("xfs")]
    [InlineData("ext4")]
    public void A_large_file_that_belongs_to_nothing_is_exact_whatever_the_clock_says(string fileSystem)
    {
        using var rig = new Rig();
        using var mount = new LoopMount(fileSystem, rig.Source);
        string file = Path.Combine(rig.Source, "disk.img");
        File.WriteAllBytes(file, ChangingTree.Content(1, 3 << 20));
        using FileStream writer = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        foreach (int days in (int[])[-365, 0, 365])
        {
            rig.Time = new OtherTime(TimeSpan.FromDays(days));
            BackupResult result = rig.Backup();
            Assert.Equal((0L, 0L), (result.Torn, result.FailureCount));
        }
    }

    private sealed class OtherTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
}
