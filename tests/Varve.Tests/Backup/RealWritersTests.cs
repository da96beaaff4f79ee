using System.Diagnostics;
using System.Globalization;
using System.Text;
using Varve.Backup;
using Varve.Model;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Backup;

/// <summary>
/// Backups in a loop while real programs (writers.py) append, rename, truncate and grow, overwrite, update a database and a mapping. Every
/// restored file is as it stood at one moment or flagged; where the file system makes clones none is flagged at all. In the end nothing was
/// missed.
/// <para>VARVE_WRITERS_SECONDS says for how long on each file system; the default is for the suite.</para>
/// </summary>
[Trait("Does", "race")]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class RealWritersTests
{
    private static readonly string[] s_sorts = ["append", "rename", "truncate", "overwrite", "large", "mmap", "sqlite"];

    [Theory]
    [InlineData("tmpfs", false)]
    [InlineData("ext4", false)]
    [InlineData("xfs", true)]
    [InlineData("btrfs", true)]
    public void Every_file_is_as_it_stood_at_a_moment_or_flagged_and_none_is_missed(string fileSystem, bool clones)
    {
        using var rig = new Rig();
        using var mount = new LoopMount(fileSystem, rig.Source);
        string place = Directory.CreateDirectory(Path.Combine(rig.Source, "excluded")).FullName;
        string script = Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/Backup/writers.py");
        string[] files = [.. s_sorts.Select(static (sort, i) => $"d{i % 2}/{sort}")];
        foreach (string file in files) { Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(rig.Source, file))!); }
        Process[] writers = [.. files.Select(f => Start([script, "write", .. Triple(f, rig.Source, place)]))];
        int torn = 0, exact = 0, rounds = 0;
        try
        {
            foreach (string file in files) { WaitFor(Path.Combine(rig.Source, file), writers[Array.IndexOf(files, file)]); }
            long began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < Duration() || rounds < 3)
            {
                rounds++;
                BackupResult result = rig.Backup();
                HashSet<string> reported = [.. result.Failures.Select(static f => Encoding.UTF8.GetString(f.Path))];
                string target = rig.Restore(result.Name, out RestoreResult restored);
                Assert.True(restored.FailureCount == 0, string.Join("; ", restored.Failures.Select(static f => f.ToString())));
                HashSet<string> flagged = [.. restored.Torn.Select(Encoding.UTF8.GetString)];
                Assert.Equal(flagged.Where(files.Contains).Order(), reported.Where(files.Contains).Order());
                // A directory that changes hundreds of times a second may be named too (decision 0049).
                Assert.Equal(result.Torn, result.Failures.Count(f => f.Operation == FailedOperation.Changed
                    && !Directory.Exists(Path.Combine(rig.Source, Encoding.UTF8.GetString(f.Path)))));
                string[] whole = [.. files.Except(flagged)];
                using Process check = Start([script, "check", .. whole.SelectMany(f => Triple(f, target, place))]);
                string said = check.StandardOutput.ReadToEnd() + check.StandardError.ReadToEnd();
                Assert.True(said.Length == 0, $"round {rounds}: torn, and nothing says so: {said}");
                exact += whole.Length;
                torn += flagged.Count;
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

        TestContext.Current.SendDiagnosticMessage($"{fileSystem}: {rounds} rounds, {exact} exact, {torn} torn");
        Assert.True(exact > 0, $"{torn} torn, {exact} exact in {rounds} rounds");
        if (clones) { Assert.Equal(0, torn); }
        Directory.Delete(place, recursive: true);
        BackupResult last = rig.Backup();
        Assert.Equal((0, 0L), (last.FailureCount, last.Torn));
        rig.RequireRestores(last.Name, rig.Source, "at rest");
        rig.RequireClean("in the end");
    }

    private static TimeSpan Duration() =>
        TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("VARVE_WRITERS_SECONDS") ?? "15", CultureInfo.InvariantCulture));

    private static string[] Triple(string file, string root, string place) =>
        [Path.GetFileName(file), Path.Combine(root, file), Path.Combine(place, Path.GetFileName(file))];

    private static void WaitFor(string file, Process writer)
    {
        Poll.Until(() => writer.HasExited || (File.Exists(file) && new FileInfo(file).Length > 0), $"{file} is written to");
        Assert.False(writer.HasExited, $"the writer of {file} ended: {(writer.HasExited ? writer.StandardError.ReadToEnd() : "")}");
    }

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
}
