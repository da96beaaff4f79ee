using System.Text;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.History;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>One of several roots is not there: a drive in a drawer. The others are saved, and nothing of it is taken for deleted.</summary>
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class AbsentRootTests : VaultTest
{
    private string Drive => System.IO.Path.Combine(_d.Path, "drive");

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("another drive")]
    public void What_a_removable_root_held_stays_in_the_snapshot_as_it_was_last_seen(string how)
    {
        Arrange();
        using (new LoopMount("tmpfs", Drive))
        {
            Fill();
            BackupResult first = Backup(isRemovable: true);
            Assert.Equal((0L, 5L), (first.FailureCount, first.Snapshot.Counts.Files));
        }

        File.WriteAllText(At("mine"), "changed mine");
        if (how == "missing") { Directory.Delete(Drive); }
        using LoopMount? other = how == "another drive" ? new LoopMount("tmpfs", Drive) : null;
        if (other is not null) { File.WriteAllText(Drive + "/foreign", "foreign"); }
        for (int i = 0; i < 2; i++)
        {
            BackupResult without = Backup(isRemovable: true);
            Assert.Equal((0L, 5L, 0L), (without.FailureCount, without.Snapshot.Counts.Files, without.Snapshot.Counts.Gone));
            Assert.Contains(without.Notes, static n => n.What.Contains("stays as it was last seen", StringComparison.Ordinal));
            Assert.Equal(["changed mine", "kept 1", "deep"], Restored("mine", "usb/1", "usb/d/deep"));
        }

        Same();
    }

    [Fact]
    public void A_removable_root_that_is_back_goes_on_where_it_was()
    {
        Arrange();
        using var mount = new LoopMount("tmpfs", Drive);
        Fill();
        FileClock.Settle();
        Backup(isRemovable: true);
        Programs.Run("mount", "--move", Drive, Directory.CreateDirectory(System.IO.Path.Combine(_d.Path, "drawer")).FullName);
        Backup(isRemovable: true);
        Programs.Run("mount", "--move", System.IO.Path.Combine(_d.Path, "drawer"), Drive);
        File.Delete(Drive + "/1");
        BackupResult back = Backup(isRemovable: true);
        Assert.Equal((0L, 1L, 0L, 4L), (back.FailureCount, back.Snapshot.Counts.Gone, back.Snapshot.Counts.New, back.Snapshot.Counts.Files));
        Assert.Empty(back.Notes);
        Same();
    }

    [Fact]
    public void A_missing_root_that_may_not_be_missing_is_a_failure_and_its_history_does_not_end()
    {
        Arrange();
        using (new LoopMount("tmpfs", Drive))
        {
            Fill();
            Backup(isRemovable: false);
        }

        Directory.Delete(Drive);
        BackupResult without = Backup(isRemovable: false);
        Assert.Equal((1L, 0L, 2L), (without.FailureCount, without.Snapshot.Counts.Gone, without.Snapshot.Counts.Files));
        Assert.Equal("usb", Encoding.UTF8.GetString(Assert.Single(without.Failures).Path));
        using (Repository repository = _vault.Open())
        {
            var found = new List<FoundRevision>();
            Finder.Run(repository, "deep", false, new SourceFilter(), new RevisionConditions(), found.Add, default);
            Assert.True(Assert.Single(found).IsFailing);
        }

        Same();
        using var again = new LoopMount("tmpfs", Directory.CreateDirectory(Drive).FullName);
        Fill();
        Assert.Equal((0L, 0L), (Backup(isRemovable: false).FailureCount, 0L));
        Same();
    }

    [Fact]
    public void A_source_none_of_whose_roots_is_there_is_not_saved()
    {
        Directory.Delete(_source);
        VarveException e = Assert.Throws<VarveException>(() => Backup(isRemovable: true));
        Assert.Equal(ErrorKind.NotFound, e.Kind);
    }

    private void Arrange()
    {
        Directory.CreateDirectory(Drive);
        Directory.CreateDirectory(At("usb")); // where it belongs, the first root has an empty directory
        File.WriteAllText(At("mine"), "mine");
        File.WriteAllText(At("usb/of mine"), "of mine");
    }

    private void Fill()
    {
        Directory.CreateDirectory(Drive + "/d");
        File.WriteAllText(Drive + "/1", "kept 1");
        File.WriteAllText(Drive + "/2", "kept 2");
        File.WriteAllText(Drive + "/d/deep", "deep");
    }

    private BackupResult Backup(bool isRemovable)
    {
        using Repository repository = _vault.Open();
        byte[] canonical = Encoding.UTF8.GetBytes(_source);
        return BackupRunner.Run(repository, new BackupOptions
        {
            RootPath = canonical, CanonicalRoot = canonical, RootAs = canonical,
            FurtherRoots = [new RootMapping(Encoding.UTF8.GetBytes(Drive), [.. canonical, .. "/usb"u8]) { IsRemovable = isRemovable }],
        }, new BackupMonitor(), default);
    }

    private string[] Restored(params string[] files)
    {
        string target = System.IO.Path.Combine(_d.Path, "restored-" + Guid.NewGuid().ToString("N"));
        _vault.RestoreAll(target);
        return [.. files.Select(f => File.ReadAllText(System.IO.Path.Combine(target, f)))];
    }
}
