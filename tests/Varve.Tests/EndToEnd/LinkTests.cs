using System.Globalization;
using Varve.Backup;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Files with several names: few reads, and names of one file again when restored, however many.</summary>
[Trait("Takes", "minutes")]
public sealed class LinkTests : VaultTest
{
    [Fact]
    public void A_file_with_several_names_is_read_once()
    {
        Directory.CreateDirectory(_source + "/sub");
        Make("small", 50_000, 20);
        BackupResult result = _vault.BackupAll(_source, static o => o with { Workers = 1 });
        Assert.Equal((50_000L, 50_000L * 20, 20L),
            (result.Snapshot.Counts.BytesRead, result.Snapshot.Counts.Bytes, result.Snapshot.Counts.Files));
        Judge();
    }

    [Fact]
    public void A_large_file_with_names_in_several_directories_is_stored_once_and_read_at_most_once_by_each_worker()
    {
        const int Size = 60 << 20, Workers = 2;
        Directory.CreateDirectory(_source + "/sub");
        Make("large", Size, 6);
        BackupResult result = _vault.BackupAll(_source, static o => o with { Workers = Workers });
        Assert.InRange(result.Snapshot.Counts.BytesRead, Size, Workers * (long)Size);
        Assert.InRange(_vault.Statistics().StoredBytes, Size, Size + (1 << 20));
        Judge();
    }

    [Fact]
    public void Seventy_thousand_names_of_one_file_and_pairs_of_many_are_restored_as_links()
    {
        const int Names = 70_000, Pairs = 3_000;
        Directory.CreateDirectory(_source + "/sub");
        Make("one", 1_000, Names);
        for (int i = 0; i < Pairs; i++)
        {
            string a = string.Create(CultureInfo.InvariantCulture, $"{_source}/pair{i}"),
                b = string.Create(CultureInfo.InvariantCulture, $"{_source}/sub/pair{i}");
            File.WriteAllText(a, a);
            ZooPosix.Link(ZooPosix.Path(a), ZooPosix.Path(b));
        }

        BackupResult result = _vault.BackupAll(_source);
        Assert.Equal(Names + 2 * Pairs, result.Snapshot.Counts.Files);
        string restored = Judge();
        Assert.Equal((uint)Names, ZooPosix.Stat(ZooPosix.Path(restored, "one0")).Links);
        Assert.True(_vault.BackupAll(_source).NothingChanged);
    }

    private void Make(string name, int size, int names)
    {
        byte[] first = ZooPosix.Path(_source, name + "0");
        ZooPosix.WriteFile(first, Desk.Bytes(size, size));
        for (int i = 1; i < names; i++)
        {
            string other = string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "" : "sub/")}{name}{i}");
            ZooPosix.Link(first, ZooPosix.Path(_source, other));
        }
    }

    private string Judge()
    {
        string restored = System.IO.Path.Combine(_d.Path, "restored");
        _vault.RestoreAll(restored);
        Assert.Empty(TreeCompare.Compare(_source, restored));
        _vault.Check();
        return restored;
    }
}
