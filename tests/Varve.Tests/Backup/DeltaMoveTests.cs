using Varve.Backup;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Backup;

/// <summary>A large file takes its signature along when it is renamed in its directory, or moved with it.</summary>
[Trait("Takes", "minutes")]
public sealed class DeltaMoveTests
{
    private const int Mega = 1 << 20;
    private const long Meta = 30_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_was_renamed_and_changed_is_stored_by_deltas(bool isSeenInBetween)
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(1, 20 * Mega));
        rig.Backup();
        rig.ChangePages(1, 10);
        rig.Backup(); // its chunks are no longer those that its content alone would be cut into
        Rename(rig, "renamed");
        if (isSeenInBetween) { Adds(rig, 0); }
        Adds(rig, rig.ChangePages(2, 10));
        Rename(rig, "file");
        Adds(rig, rig.ChangePages(3, 10));
        Assert.Single(rig.SignatureBytes());
        rig.RequireAll("renames");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_whose_directory_was_moved_is_stored_by_deltas(bool isSeenInBetween)
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(2, 20 * Mega));
        Directory.CreateDirectory(Path.Combine(rig.Rig.Source, "a/b/c"));
        Directory.CreateDirectory(Path.Combine(rig.Rig.Source, "d"));
        Rename(rig, "a/b/c/file");
        rig.Backup();
        rig.ChangePages(1, 10);
        rig.Backup();
        FileClock.Settle();
        Assert.Equal(1, rig.Backup().Snapshot.Counts.Unchanged); // its timestamps are safe now
        Directory.Move(Path.Combine(rig.Rig.Source, "a/b"), Path.Combine(rig.Rig.Source, "d/e"));
        rig.Name = "d/e/c/file";
        if (isSeenInBetween)
        {
            BackupResult moved = rig.Backup();
            Assert.Equal((1L, 0L), (moved.Snapshot.Counts.Moved, moved.Snapshot.Counts.BytesRead));
        }

        Adds(rig, rig.ChangePages(2, 10));
        Adds(rig, rig.ChangePages(3, 10));
        Assert.Single(rig.SignatureBytes());
        rig.RequireAll("a moved directory");
    }

    [Fact]
    public void A_file_that_takes_the_name_of_another_brings_its_own_signature()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(3, 20 * Mega));
        string file = rig.File, other = Path.Combine(rig.Rig.Source, "other");
        File.WriteAllBytes(other, DeltaRig.Bytes(4, 20 * Mega));
        rig.Backup();
        Assert.Equal(2, rig.SignatureBytes().Count);
        File.Move(file, other, overwrite: true);
        rig.Name = "other";
        Adds(rig, rig.ChangePages(1, 10));
        Assert.Single(rig.SignatureBytes());

        // The name it had is given to another file: that one is stored anew, and each goes its own way then.
        File.WriteAllBytes(file, DeltaRig.Bytes(5, 20 * Mega));
        Assert.InRange(rig.Backup().Snapshot.Counts.BytesAdded, 20 * Mega, (20 * Mega) + Meta);
        Adds(rig, rig.ChangePages(2, 10));
        rig.Name = "file";
        Adds(rig, rig.ChangePages(3, 10));
        rig.RequireAll("other names");
    }

    [Fact]
    public void A_further_name_of_a_file_takes_nothing_from_the_first()
    {
        using var rig = new DeltaRig(DeltaRig.Bytes(6, 20 * Mega));
        rig.Backup();
        Programs.Run("ln", rig.File, Path.Combine(rig.Rig.Source, "a-link"));
        rig.Backup();
        File.Delete(Path.Combine(rig.Rig.Source, "a-link"));
        Adds(rig, rig.ChangePages(1, 10));
        rig.RequireAll("a link");
    }

    private static void Rename(DeltaRig rig, string name)
    {
        File.Move(rig.File, Path.Combine(rig.Rig.Source, name));
        rig.Name = name;
    }

    private static void Adds(DeltaRig rig, long changed)
    {
        BackupResult result = rig.Backup();
        Assert.Equal((1, 0L), (result.DeltaFiles, result.FailureCount));
        Assert.InRange(result.Snapshot.Counts.BytesAdded, changed, changed + Meta);
    }
}
