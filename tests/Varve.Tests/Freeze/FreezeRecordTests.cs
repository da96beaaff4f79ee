using System.Text;
using Varve.Freeze;

namespace Varve.Tests.Freeze;

/// <summary>Names and records: what may be removed is told by them, so nothing but ours may pass.</summary>
public sealed class FreezeRecordTests
{
    [Fact]
    public void A_name_of_ours_says_so_and_no_two_are_alike()
    {
        string[] names = [.. Enumerable.Range(0, 100).Select(static _ => FreezeName.Create())];
        Assert.All(names, static n => Assert.True(FreezeName.IsOurs(n), n));
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Contains($"-{Environment.ProcessId}-", names[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("varve-snapshot-")]
    [InlineData("varve-snapshot-1-0123abcd")]
    [InlineData("varve-snapshot-x-0123abcd-0123456789abcdef")]
    [InlineData("varve-snapshot-1-0123ABCD-0123456789abcdef")]
    [InlineData("varve-snapshot-1-0123abcd-0123456789abcdef0")]
    [InlineData("varve-snapshot-1-0123abcd-0123456789abcdef-1")]
    [InlineData("varve-snapshot-12345678901-0123abcd-0123456789abcdef")]
    [InlineData("my-varve-snapshot-1-0123abcd-0123456789abcdef")]
    [InlineData("varve-snapshot-1-0123abcd-0123456789abcde/")]
    [InlineData("varve-snapshot-1-0123abcd-../../../../etc0")]
    public void Another_name_is_not_ours(string name) => Assert.False(FreezeName.IsOurs(name));

    [Theory]
    [InlineData(FreezeMethod.Btrfs, "/dev/sdb")]
    [InlineData(FreezeMethod.Lvm, "vg/lv")]
    [InlineData(FreezeMethod.Zfs, "pool/a b/ä")]
    public void A_record_comes_back_as_it_was(object method, string volume)
    {
        string name = FreezeName.Create();
        var record = new FreezeRecord((FreezeMethod)method, name, volume, "/cache/fs-snapshots/" + name);
        Assert.Equal(record, FreezeRecord.Decode(record.Encode()));
    }

    [Fact]
    public void A_record_that_is_cut_or_changed_or_of_something_else_is_none()
    {
        string name = FreezeName.Create();
        byte[] good = new FreezeRecord(FreezeMethod.Lvm, name, "vg/lv", "/cache/" + name).Encode();
        for (int length = 0; length < good.Length; length++) { Assert.Null(FreezeRecord.Decode(good.AsSpan(0, length))); }
        Assert.Null(FreezeRecord.Decode([.. good, (byte)'x']));
        string text = Encoding.UTF8.GetString(good);
        Assert.Null(Decode(text.Replace(name, "home", StringComparison.Ordinal)));
        Assert.Null(Decode(text.Replace("vg/lv", "--force", StringComparison.Ordinal)));
        Assert.Null(Decode(text.Replace("vg/lv", "", StringComparison.Ordinal)));
        Assert.Null(Decode(text.Replace("Lvm", "None", StringComparison.Ordinal)));
        Assert.Null(Decode(text.Replace("Lvm", "1", StringComparison.Ordinal)));
        Assert.Null(Decode(text.Replace("/cache/", "cache/", StringComparison.Ordinal)));
        Assert.Null(Decode(text.Replace("/cache/" + name, "/home", StringComparison.Ordinal)));

        static FreezeRecord? Decode(string text) => FreezeRecord.Decode(Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public void The_list_of_subvolumes_is_read_with_and_without_the_mark_of_absolute_paths()
    {
        const string List =
            "ID 256 gen 9 top level 5 path <FS_TREE>/@home\nID 257 gen 7 top level 256 path @home/a path b\nID 261 gen 10 top level 257 "
            + "path <FS_TREE>/x\u00e4\n\nno such line\n";
        Assert.Equal(["/@home", "/@home/a path b", "/xä"],
            BtrfsFreezer.Parse(Encoding.UTF8.GetBytes(List)).Select(Encoding.UTF8.GetString));
    }
}
