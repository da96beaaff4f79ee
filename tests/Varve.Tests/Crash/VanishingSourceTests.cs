using System.Text;
using Varve.Backup;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Crash;

/// <summary>What is there when a backup begins and gone when it looks: never an empty success.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class VanishingSourceTests
{
    [Fact]
    public void A_source_that_is_not_there_is_an_error()
    {
        using var rig = new Rig();
        Directory.Delete(rig.Source);
        VarveException e = Rig.Throws(ErrorKind.NotFound, () => rig.Backup());
        Assert.Contains(rig.Source, e.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Snapshots());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_source_that_vanishes_before_it_is_listed_is_an_error_and_its_history_stays(bool isDirectory)
    {
        using var rig = new Rig();
        string source = rig[isDirectory ? "source" : "single"];
        if (isDirectory) { ChangingTree.Create(source); }
        else { File.WriteAllText(source, "content"); }
        BackupResult first = rig.Backup(source);
        string before = rig.Keep(rig.Source, "before");
        string aside = rig["aside"];
        if (!isDirectory) { File.AppendAllText(source, "changed"); }

        // The session is written after the root was looked up and before it is walked.
        VarveException e = Assert.Throws<VarveException>(() => rig.Backup(source, new HookStore(rig.Store)
        {
            After = o =>
            {
                if (!o.StartsWith("replace sessions/", StringComparison.Ordinal)) { return; }
                Programs.Run("mv", source, aside);
                if (isDirectory) { return; }
            },
        }));
        Assert.Contains(source, e.Message, StringComparison.Ordinal);
        Assert.Equal([first.Name], rig.Snapshots().Select(s => s.Name));
        Programs.Run("mv", aside, source);
        if (!isDirectory) { return; }
        BackupResult next = rig.Backup(source);
        Assert.True(next.Snapshot.Counts.New == 0 && next.Snapshot.Counts.Gone == 0, $"{next.Snapshot.Counts}");
        rig.RequireRestores(next.Name, before, "when it is back");
    }

    [Fact]
    public void A_source_that_is_removed_before_it_is_listed_is_an_error()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        BackupResult first = rig.Backup();
        string before = rig.Keep(rig.Source, "before");
        VarveException e = Assert.Throws<VarveException>(() => rig.Backup(store: new HookStore(rig.Store)
        {
            After = o =>
            {
                if (o.StartsWith("replace sessions/", StringComparison.Ordinal)) { Directory.Delete(rig.Source, recursive: true); }
            },
        }));
        Assert.Contains(rig.Source, e.Message, StringComparison.Ordinal);
        Assert.Equal([first.Name], rig.Snapshots().Select(s => s.Name));
        rig.RequireRestores(first.Name, before, "the snapshot before");
    }

    [Fact]
    public void Directories_that_vanish_while_they_are_walked_are_reported_and_the_rest_is_saved()
    {
        using var rig = new Rig();
        for (int d = 0; d < 60; d++)
        {
            string directory = Path.Combine(rig.Source, $"d{d:00}", "below");
            Directory.CreateDirectory(directory);
            for (int f = 0; f < 30; f++) { File.WriteAllBytes(Path.Combine(directory, $"f{f}"), ChangingTree.Content(f, 2000)); }
        }

        using var stop = new ManualResetEventSlim();
        var remover = new Thread(() =>
        {
            for (int i = 0; !stop.IsSet; i = (i + 7) % 60)
            {
                string directory = Path.Combine(rig.Source, $"d{i:00}", "below");
                string away = rig["away"];
                try
                {
                    Directory.Move(directory, away);
                    Directory.Move(away, directory);
                }
                catch (IOException)
                {
                    // Its parent is being looked at by nobody else: cannot be.
                }
            }
        });
        remover.Start();
        try
        {
            for (int round = 0; round < 25; round++)
            {
                BackupResult result = rig.Backup(force: true);
                Assert.Equal(result.FailureCount > 0, result.Snapshot.HasFailures);
                Assert.Equal(result.FailureCount, result.Snapshot.Counts.Failed);

                // What is not in it was reported, or had no name at the moment its parent was listed.
                string target = rig.Restore(result.Name, out _);
                foreach (string directory in Directory.EnumerateDirectories(target))
                {
                    string below = Path.Combine(directory, "below");
                    if (!Directory.Exists(below)) { continue; }
                    Assert.Equal(30, Directory.EnumerateFiles(below).Count() + result.Failures.Count(f => Under(f, directory)));
                }

                Programs.Run("rm", "-rf", target);
            }
        }
        finally
        {
            stop.Set();
            remover.Join();
        }

        rig.RequireClean("in the end");
        rig.RequireRestores(rig.Backup().Name, rig.Source, "in the end");
    }

    private static bool Under(Failure failure, string directory) =>
        Encoding.UTF8.GetString(failure.Path).StartsWith(Path.GetFileName(directory) + "/below/", StringComparison.Ordinal);
}
