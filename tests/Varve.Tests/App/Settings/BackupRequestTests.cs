using Varve.App.Settings.Values;
using Varve.Backup;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Vault.Runs;

namespace Varve.Tests.App.Settings;

public sealed class BackupRequestTests
{
    [Fact]
    public void Each_path_is_a_run_with_the_same_options()
    {
        IReadOnlyList<BackupOptions> runs = Typed.Backup(
            null, "/a", RawArguments.FromBytes([0x2F, 0xFF]), "--tag", "t", "--exclude", "*.o", "--compression", "9", "--force");
        Assert.Equal(2, runs.Count);
        Assert.Equal("/a"u8.ToArray(), runs[0].RootPath);
        Assert.Equal([0x2F, 0xFF], runs[1].RootPath);
        Assert.All(runs, r => Assert.Equal((9, true, "t", "*.o", 0),
            (r.CompressionLevel, r.Force, r.Tags[0], r.PlacedRules[0].Pattern, r.Workers)));
    }

    [Fact]
    public void A_rule_may_have_bytes_that_are_not_utf8() => Assert.Equal([0x2A, 0xFF], RuleText.ToBytes(
        Typed.Backup(null, "/a", "--exclude", RawArguments.FromBytes([0x2A, 0xFF]))[0].PlacedRules[0].Pattern));

    [Fact]
    public void Whose_packs_are_relied_on_is_read()
    {
        BackupOptions plain = Assert.Single(Typed.Backup(null, "/a"));
        Assert.Equal((PackTrust.All, false), (plain.Trust, plain.VerifyExisting));
        BackupOptions run = Assert.Single(Typed.Backup(null, "/a", "--trust", "own", "--verify-existing"));
        Assert.Equal((PackTrust.Own, true), (run.Trust, run.VerifyExisting));
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Typed.Backup(null, "/a", "--trust", "me")).Kind);
    }

    [Fact]
    public void Sizes_of_deltas_are_read_and_contradictions_refused()
    {
        BackupOptions run = Assert.Single(Typed.Backup(null, "/a", "--delta-from", "64M", "--delta-limit", "2g"));
        Assert.Equal((true, 64L << 20, 2L << 30), (run.Delta, run.DeltaFrom, run.DeltaLimit));
        Assert.False(Assert.Single(Typed.Backup(null, "/a", "--no-delta")).Delta);
        foreach (string[] bad in (string[][])[["--no-delta", "--delta-from", "1"], ["--delta-limit", "much"], ["--exclude", "[a"], ["--group", "*"],
            ["--source", ""]])
        {
            Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Typed.Backup(null, ["/a", .. bad])).Kind);
        }
    }

    [Fact]
    public void What_a_budget_counts_and_how_new_a_file_is_are_read_and_refused_where_they_would_do_nothing()
    {
        BackupOptions plain = Assert.Single(Typed.Backup(null, "/a", "--newest-first", "--budget", "5M"));
        Assert.Equal((false, false), (plain.BudgetBySize, plain.NewestByCtime));
        BackupOptions run = Assert.Single(
            Typed.Backup(null, "/a", "--newest-first", "--newest-by", "ctime", "--budget", "5M", "--budget-by", "size"));
        Assert.Equal((true, true), (run.BudgetBySize, run.NewestByCtime));
        foreach (string[] bad in (string[][])[["--newest-by", "ctime"], ["--budget-by", "size"], ["--newest-first", "--newest-by", "atime"],
            ["--budget", "1", "--budget-by", "files"]])
        {
            Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Typed.Backup(null, ["/a", .. bad])).Kind);
        }
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("5B", 5)]
    [InlineData("10K", 10L << 10)]
    [InlineData("2.5m", 5L << 19)]
    [InlineData("25G", 25L << 30)]
    [InlineData("25GB", 25L << 30)]
    [InlineData("25GiB", 25L << 30)]
    [InlineData("1000T", 1000L << 40)]
    public void A_size_is_a_number_with_a_power_of_1024(string text, long bytes) => Assert.Equal(bytes, Numbers.Size(text, "x"));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0.1")]
    [InlineData("G")]
    [InlineData("iB")]
    [InlineData("-1G")]
    [InlineData("1X")]
    [InlineData("1e3")]
    [InlineData("ten")]
    [InlineData("99999999T")]
    [InlineData("99999999999999999999999999999999")]
    public void What_is_no_size_is_refused(string text) =>
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Numbers.Size(text, "x")).Kind);

    [Theory]
    [InlineData("10", 10)]
    [InlineData("0.5", 0.5)]
    [InlineData("100%", 100)]
    public void A_percentage_is_above_0_and_at_most_100(string text, double value)
    {
        Assert.Equal(value, Numbers.Percent(text, "x"));
        foreach (string bad in new[] { "0", "100.1", "-1", "", "%", "NaN", "1e1", "ten" })
        {
            Assert.Throws<VarveException>(() => Numbers.Percent(bad, "x"));
        }
    }
}
