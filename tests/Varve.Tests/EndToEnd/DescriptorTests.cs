using System.Globalization;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A process may have few files open at a time; what is saved and restored may be many.</summary>
public sealed class DescriptorTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void With_few_descriptors_many_files_of_several_pieces_are_saved_checked_and_restored()
    {
        // More files than descriptors, each of some chunks, so that the restore has it open while it waits for blocks.
        for (int i = 0; i < 400; i++)
        {
            string directory = Directory.CreateDirectory(_desk[string.Create(CultureInfo.InvariantCulture, $"source/{i % 150}/{i}")])
                .FullName;
            File.WriteAllBytes(System.IO.Path.Combine(directory, "file"), Desk.Bytes(i, 300_000));
        }

        var varve = new VarveProcess(_desk["home"]) { Descriptors = 256 };
        varve.Succeed("backup", _desk["source"]);
        varve.Succeed("check", "--read-data");
        varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(_desk["source"], _desk["restored"]));
    }

    [Fact]
    public void With_64_descriptors_all_is_done_and_each_change_after_it()
    {
        Assert.SkipUnless(VarveProcess.IsPublished, "the program is not the published one, and takes more for itself");
        for (int i = 0; i < 40; i++)
        {
            string directory = Directory.CreateDirectory(_desk[string.Create(CultureInfo.InvariantCulture, $"source/{i}/{i}/{i}/{i}")])
                .FullName;
            for (int j = 0; j < 10; j++) { File.WriteAllBytes(System.IO.Path.Combine(directory, $"{j}"), Desk.Bytes(i, 1000 + j)); }
        }

        File.WriteAllBytes(_desk["source/large"], Desk.Bytes(1, 5_000_000));
        var varve = new VarveProcess(_desk["home"]) { Descriptors = 64 };
        varve.Succeed("backup", _desk["source"]);
        for (int i = 0; i < 8; i++)
        {
            // More index runs than there are descriptors to spare.
            File.WriteAllBytes(_desk[$"source/new{i}"], Desk.Bytes(100 + i, 300_000));
            varve.Succeed("backup", _desk["source"]);
        }

        Directory.Delete(_desk["home/.cache"], recursive: true);
        varve.Succeed("backup", "--force", _desk["source"]);
        varve.Succeed("check", "--read-data");
        varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(_desk["source"], _desk["restored"]));
    }

    [Fact]
    public void With_64_descriptors_a_budget_takes_the_newest_files_and_no_other()
    {
        Assert.SkipUnless(VarveProcess.IsPublished, "the program is not the published one, and takes more for itself");
        Directory.CreateDirectory(_desk["source"]);
        for (int i = 0; i < 200; i++)
        {
            string file = _desk[string.Create(CultureInfo.InvariantCulture, $"source/{i}")];
            File.WriteAllBytes(file, Desk.Bytes(i, 10_000));
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(1_500_000_000 + (i * 79 % 200)));
        }

        var varve = new VarveProcess(_desk["home"]) { Descriptors = 64 };
        varve.Succeed("backup", "--newest-first", "--budget", "500K", _desk["source"]);
        string[] saved = [.. varve.Succeed("ls", "latest").Text.Split('\n').Where(static l => int.TryParse(l, out _))];
        Assert.InRange(saved.Length, 45, 50);
        int[] ages = [.. saved.Select(static n => int.Parse(n, CultureInfo.InvariantCulture) * 79 % 200).Order()];
        Assert.Equal(Enumerable.Range(200 - saved.Length, saved.Length), ages);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(63)]
    public void With_fewer_it_says_how_many_it_needs_and_does_nothing(int descriptors)
    {
        var varve = new VarveProcess(_desk["home"]) { Descriptors = descriptors };
        VarveResult result = varve.Run("backup", _desk.Source()).Expect(1);
        Assert.Contains($"may have {descriptors} files open, and needs at least 64", result.Error, StringComparison.Ordinal);
        Assert.Contains("ulimit -n", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk["home"]));
    }

    [Fact]
    public void With_many_but_few_left_all_is_done()
    {
        // Open directories alone would take more: 250 levels, three quarters of 300.
        string deep = _desk["source"];
        for (int i = 0; i < 250; i++) { deep += "/d"; }
        Directory.CreateDirectory(deep);
        File.WriteAllText(System.IO.Path.Combine(deep, "file"), "text");
        for (int i = 0; i < 100; i++) { File.WriteAllBytes(_desk[$"source/{i}"], Desk.Bytes(i, 300_000)); }
        var varve = new VarveProcess(_desk["home"])
        {
            Descriptors = 300, Before = "for i in {20..199}; do eval \"exec $i</dev/null\"; done; ",
        };
        varve.Succeed("backup", _desk["source"]);
        varve.Succeed("check", "--read-data");
        varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(_desk["source"], _desk["restored"]));
    }

    [Fact]
    public void Those_that_it_inherits_count_and_it_says_so_before_it_does_anything()
    {
        var varve = new VarveProcess(_desk["home"])
        {
            Descriptors = 64, Before = "for i in {20..49}; do eval \"exec $i</dev/null\"; done; ",
        };
        VarveResult result = varve.Run("backup", _desk.Source()).Expect(1);
        Assert.Contains("may have 64 files open and began with ", result.Error, StringComparison.Ordinal);
        Assert.Contains("ulimit -n", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk["home"]));
    }
}
