using System.Diagnostics;
using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A file that never holds still: what every command says of it, and that it is no longer said once the file rests.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class TornTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_torn_file_is_shown_as_such_by_every_command_until_it_was_read_at_rest()
    {
        string source = _desk["restless"], file = Path.Combine(source, "database");
        Directory.CreateDirectory(source);
        File.WriteAllText(Path.Combine(source, "still"), "still");
        byte[] content = new byte[8 << 20];
        for (int i = 0; i < content.Length; i += 4096) { content[i + 100] = (byte)(1 + (i >> 12)); }
        File.WriteAllBytes(file, content);
        using (var writer = new MappedWriter(file))
        {
            JsonElement backup = BackupBeside(writer, "--json", source).Expect(3).Json[^1];
            Assert.Equal((1, 1, 1),
                (backup.GetProperty("torn").GetInt32(), backup.GetProperty("unstable").GetInt32(),
                backup.GetProperty("failureCount").GetInt32()));
            Assert.Equal("changed", backup.GetProperty("failures")[0].GetProperty("operation").GetString());
            VarveResult again = BackupBeside(writer, source).Expect(3);
            Assert.Contains("; 1 failed; 1 not seen to hold still\n", again.Text);
            Assert.Contains("varve: database: changed each time it was read; stored with the flag 'torn'", again.Error);
            Assert.DoesNotContain("could not be saved", again.Text);
        }

        Assert.Equal("database  [torn]\nstill\n", _desk.Varve.Succeed("ls").Text);
        Assert.Contains("database  [torn]\n", _desk.Varve.Succeed("ls", "-l").Text);
        Assert.Equal([true, false], _desk.Varve.Succeed("ls", "--json").Json.Select(static e => e.GetProperty("torn").GetBoolean()));
        Assert.Contains("database  [torn]\n", _desk.Varve.Succeed("find", "database").Text);
        VarveResult restored = _desk.Varve.Succeed("restore", "--target", _desk["a"]);
        Assert.Contains("; 1 torn", restored.Text);
        Assert.Contains("varve: database: torn\n", restored.Error);
        JsonElement json = _desk.Varve.Succeed("restore", "--json", "--target", _desk["b"]).Object;
        Assert.Equal((1, "database"),
            (json.GetProperty("tornCount").GetInt32(), json.GetProperty("torn")[0].GetProperty("path").GetString()));

        IsListed(backups: 2);
        _desk.Varve.Succeed("catalog", "rebuild");
        IsListed(backups: 2); // the trees tell
        JsonElement rest = _desk.Varve.Succeed("backup", "--json", source).Object;
        Assert.Equal((0, 0), (rest.GetProperty("torn").GetInt32(), rest.GetProperty("unstable").GetInt32()));
        Assert.Equal("", _desk.Varve.Succeed("unstable").Text);
        Assert.Equal("database\nstill\n", _desk.Varve.Succeed("ls").Text);
        Assert.DoesNotContain("torn", _desk.Varve.Succeed("restore", "--target", _desk["c"]).Text);
        Assert.Empty(TreeCompare.Compare(source, _desk["c"]));
    }

    [Theory]
    [InlineData("--spool-limit", "4X")]
    [InlineData("--spool-limit", "-1")]
    [InlineData("--spool-dir", "")]
    public void Options_of_the_spool_that_make_no_sense_are_refused(string option, string value) =>
        Assert.Contains(option, _desk.Varve.Run("backup", option, value, _desk.Source()).Expect(2).Error);

    [Fact]
    public void The_spool_is_where_it_was_asked_for_and_never_in_the_snapshot()
    {
        string source = _desk.Source(), spool = Path.Combine(source, "spool"), file = Path.Combine(source, "photo.raw");
        using (new MappedWriter(file)) { _desk.Varve.Succeed("backup", "--spool-dir", spool, "--spool-limit", "1G", source); }
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(spool, "varve-spool-0")));
        Assert.DoesNotContain("varve-spool", _desk.Varve.Succeed("ls", "-R").Text);
        VarveResult refused = _desk.Varve.Run("backup", "--spool-dir", file, source).Expect(1);
        Assert.Contains("choose another place with --spool-dir\n", refused.Error);
    }

    /// <summary>A backup during which the file is written to whenever a copy of it has been made and is yet to be compared.</summary>
    private VarveResult BackupBeside(MappedWriter writer, params string[] arguments)
    {
        using var gates = new Gates(Gate.Copied);
        using Process process = _desk.Varve.StartHeld(gates, ["backup", .. arguments]);
        for (long number = Random.Shared.NextInt64(); gates.TryAwait(Gate.Copied, process); number++)
        {
            writer.Store(number);
            gates.Pass(Gate.Copied);
        }

        return VarveProcess.Finish(process);
    }

    private void IsListed(int backups)
    {
        string text = _desk.Varve.Succeed("unstable").Text;
        Assert.Matches(@"^SINCE \(.*\) +BACKUPS  STORED  FILE\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +" + backups + @"  torn    restless: database\n$",
            text);
        JsonElement json = _desk.Varve.Succeed("unstable", "--json", "--source", "restless").Object;
        Assert.Equal("source path torn lengthUnknown since backups", string.Join(' ', json.EnumerateObject().Select(static p => p.Name)));
        Assert.Equal(("database", true, backups),
            (json.GetProperty("path").GetString(), json.GetProperty("torn").GetBoolean(), json.GetProperty("backups").GetInt32()));
        Assert.Empty(_desk.Varve.Run("unstable", "--json", "--source", "another").Expect(1).Json);
    }
}
