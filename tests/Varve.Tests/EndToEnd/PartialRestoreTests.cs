using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Restoring a snapshot that says itself that it does not have everything.</summary>
public sealed class PartialRestoreTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_snapshot_that_left_files_for_the_next_backup_is_not_restored_as_if_it_were_whole()
    {
        string source = _desk.Source(); // photo.raw is larger than the budget
        _desk.Varve.Succeed("backup", "--budget", "1M", source);
        VarveResult partial = _desk.Varve.Run("restore", "--json", "--target", _desk["partial"]).Expect(3);
        Assert.InRange(partial.Object.GetProperty("pendingFiles").GetInt64(), 1, 5);
        Assert.Contains(" not in the snapshot",
            _desk.Varve.Run("restore", "--target", _desk["again"]).Expect(3).Text, StringComparison.Ordinal);
        _desk.Varve.Succeed("backup", source);
        _desk.Varve.Succeed("restore", "--target", _desk["whole"]);
    }
}
