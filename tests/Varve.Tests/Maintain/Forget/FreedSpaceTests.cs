using Varve.Maintain.Forget;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Maintain.Forget;

/// <summary>How much only the forgotten snapshots have, by the catalog and by trees.</summary>
public sealed class FreedSpaceTests : VaultTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_counts_what_no_other_snapshot_of_any_source_has(bool hasCatalog)
    {
        string other = Path.Combine(_d.Path, "other");
        Directory.CreateDirectory(Path.Combine(other, "below"));
        Write(At("only"), 1, 100_000);
        Write(At("shared"), 2, 200_000);
        Write(At("stays"), 3, 300_000);
        Write(At("comes back"), 4, 400_000);
        Write(Path.Combine(other, "below/copy"), 2, 200_000);
        _vault.BackupAll(_source);
        _vault.BackupAll(other);
        File.Delete(At("only"));
        File.Delete(At("shared"));
        File.Delete(At("comes back"));
        Write(At("short"), 5, 50_000);
        _vault.BackupAll(_source);
        File.Delete(At("short"));
        Write(At("comes back"), 4, 400_000);
        _vault.BackupAll(_source);
        if (!hasCatalog) { Directory.Delete(_vault.Cache, recursive: true); }
        using Repository repository = _vault.Open();
        ForgetResult result = repository.Forget(
            Forgettable.All(Forgettable.Last(1)) with { CountsFreed = true, IsDryRun = true }, static e => throw e);
        FreedSpace freed = result.Freed!;
        Assert.Equal(150_000, freed.Bytes);
        Assert.InRange(freed.StoredBytes, 150_000, 160_000); // random bytes, and their share of tags
        Assert.Equal(hasCatalog ? (2, 0) : (0, 2), (freed.FromCatalog, freed.FromTrees));
    }

    [Fact]
    public void A_source_that_the_catalog_lacks_is_read_from_trees()
    {
        Write(At("a"), 1, 100_000);
        _vault.BackupAll(_source);
        Write(At("a"), 2, 70_000);
        _vault.BackupAll(_source);
        Directory.Delete(_vault.Cache, recursive: true);
        string other = Path.Combine(_d.Path, "other");
        Directory.CreateDirectory(other);
        Write(Path.Combine(other, "b"), 3, 30_000);
        _vault.BackupAll(other); // whose catalog has that source alone
        Write(Path.Combine(other, "b"), 1, 100_000);
        _vault.BackupAll(other);
        using Repository repository = _vault.Open();
        ForgetResult result = repository.Forget(
            Forgettable.All(Forgettable.Last(1)) with { CountsFreed = true, IsDryRun = true }, static e => throw e);
        Assert.Equal((30_000L, 1, 1), (result.Freed!.Bytes, result.Freed.FromCatalog, result.Freed.FromTrees));
    }

    private static void Write(string path, int seed, int count) => File.WriteAllBytes(path, Desk.Bytes(seed, count));
}
