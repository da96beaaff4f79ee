using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Freeze;

/// <summary>
/// Backups from snapshots of real logical volumes, thick and thin, with ext4 and XFS. Kernels of small virtual machines have no device
/// mapper, so all of it runs in a kernel of its own; booting that takes most of the time, hence one run, told in <c>lvm.sh</c>.
/// </summary>
[Trait("Does", "race")]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class LvmTests
{
    private static readonly Dictionary<string, string> s_expected = new()
    {
        ["ext4-shares"] = "true",
        ["ext4-snapshots-after"] = "0",
        ["ext4-left-after"] = "0",
        ["running-snapshots"] = "1",
        ["running-snapshots-after-another-run"] = "1",
        ["frozen-letter"] = "letter",
        ["frozen-large-bytes"] = (40 << 20).ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["finished-snapshots"] = "0",
        ["killed-code"] = "137",
        // One of them is somebody else's, though its name is like ours.
        ["killed-snapshots"] = "2",
        ["killed-note"] = "which a backup that was killed had left",
        ["cleaned-snapshots"] = "1",
        ["cleaned-left"] = "0",
        ["interrupted-code"] = "143",
        ["interrupted-snapshots"] = "0",
        ["interrupted-left"] = "0",
        ["still-mounted"] = "0",
        ["overflow-failed"] = "yes",
        ["overflow-warning"] = "ran full and broke while the backup ran",
        ["overflow-snapshots"] = "0",
        ["full-code"] = "1",
        ["full-hint"] = "vgextend",
        ["full-auto"] = "read live, without a snapshot",
        ["xfs-thin-shares"] = "true",
        ["xfs-thin-notes"] = "\"notes\":[]}",
        ["xfs-thin-snapshots"] = "0",
        ["xfs-thin-left"] = "0",
    };

    [Fact]
    public void Backups_from_snapshots_of_logical_volumes_are_those_of_the_live_trees_and_nothing_is_left_even_after_a_kill()
    {
        string said = OtherKernel.Run(Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/Freeze/lvm.sh"));
        Dictionary<string, string> found = said.Split('\n').Select(static l => l.Split(": ", 2)).Where(static l => l.Length == 2)
            .DistinctBy(static l => l[0]).ToDictionary(static l => l[0], static l => l[1]);
        foreach ((string name, string value) in s_expected)
        {
            Assert.True(found.GetValueOrDefault(name) == value, $"{name} is not '{value}':\n{said}");
        }
    }
}
