using System.Text.Json;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The program with a configuration that says where, what and how.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void With_a_configuration_no_command_needs_an_option()
    {
        _desk.Source();
        Directory.CreateDirectory(_desk["etc"]);
        _desk.Write("etc/hosts", "localhost");
        Configure(
            """
            repository: disk
            repositories:
              - {name: disk, address: ~/disk, key-file: ~/.config/varve/disk.key}
              - {name: other, address: ../../other, password-command: echo secret}
            exclude: ['*.raw']
            sources:
              - {name: documents, roots: [~/../Documents], tag: [paper]}
              - {name: etc, roots: [~/../etc]}
            profiles:
              - {name: night, repository: other, sources: [etc]}
            """);
        _desk.Varve.Succeed("init");
        Assert.True(File.Exists(_desk["home/.config/varve/disk.key"]));
        _desk.Varve.Succeed("backup");
        Assert.Equal(2, _desk.Varve.Succeed("snapshots", "--json").Json.Count);
        Assert.DoesNotContain("photo.raw", _desk.Varve.Succeed("ls", "latest", "--source", "documents").Text, StringComparison.Ordinal);
        _desk.Varve.Succeed("init", "-r", "other");
        _desk.Varve.Succeed("--profile", "night", "backup");
        JsonElement only = _desk.Varve.Succeed("snapshots", "--json", "-r", "other").Object;
        Assert.Equal("etc", only.GetProperty("source").GetString());
        _desk.Varve.Environment["VARVE_PROFILE"] = "night";
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
        Assert.True(Directory.Exists(_desk["home/other"]));
    }

    [Fact]
    public void One_source_that_makes_no_sense_does_not_keep_the_others_from_being_saved()
    {
        _desk.Source();
        Configure("sources:\n  - {name: typo, rots: [/a]}\n  - {name: documents, roots: [~/../Documents]}\n");
        VarveResult result = _desk.Varve.Run("backup").Expect(1);
        Assert.Contains("config.yaml:2:18: there is no key 'rots' in a source", result.Error, StringComparison.Ordinal);
        Assert.Contains("1 of 2 sources saved; not saved: typo", result.Error, StringComparison.Ordinal);
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
        JsonElement unsaved = _desk.Varve.Run("backup", "--json").Expect(1).Json[^1];
        Assert.Equal(JsonValueKind.Null, unsaved.GetProperty("unsaved")[0].GetProperty("root").ValueKind);
        JsonElement check = _desk.Varve.Run("config", "check", "--json").Expect(1).Object;
        Assert.Equal((2, 2L, 18L), (check.GetProperty("sources").GetInt32(), check.GetProperty("problems")[0].GetProperty("line").GetInt64(),
            check.GetProperty("problems")[0].GetProperty("column").GetInt64()));
    }

    [Fact]
    public void A_broken_configuration_stops_backups_and_keeps_nobody_from_his_files()
    {
        string source = _desk.Source(), repository = _desk["home/.local/share/varve/repository"];
        _desk.Varve.Succeed("backup", source);
        Configure("sources: [");
        _desk.Varve.Run("backup", source).Expect(2);
        _desk.Varve.Run("snapshots").Expect(2);
        VarveResult restored = _desk.Varve.Succeed("restore", "-r", repository, "--target", _desk["restored"]);
        Assert.Contains("warning: ", restored.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_desk["restored/report.odt"]));
        _desk.Varve.Run("config", "check").Expect(1);
    }

    [Fact]
    public void A_drive_that_is_marked_as_removable_may_be_in_a_drawer()
    {
        Directory.CreateDirectory(_desk["here"]);
        Directory.CreateDirectory(_desk["drive"]);
        _desk.Write("here/mine", "mine");
        _desk.Write("drive/photo", "photo");
        Configure(
            """
            sources:
              - name: photos
                as: /photos
                roots:
                  - ~/../here
                  - {path: ~/../drive, as: /photos/drive, removable: true}
            """);
        _desk.Varve.Succeed("backup");
        Directory.Move(_desk["drive"], _desk["drawer"]);
        VarveResult without = _desk.Varve.Succeed("backup");
        Assert.Contains("stays as it was last seen", without.Error, StringComparison.Ordinal);
        Assert.Equal("photo", _desk.Varve.Succeed("dump", "latest:drive/photo").Text);
    }

    private void Configure(string text)
    {
        string folder = _desk["home/.config/varve"];
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string file = Path.Combine(folder, "config.yaml");
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
