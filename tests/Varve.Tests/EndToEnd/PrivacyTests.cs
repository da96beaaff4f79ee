using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.EndToEnd;

/// <summary>What others can read, write or plant: directories of the program's own, keys, passwords, configurations.</summary>
public sealed class PrivacyTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("000")]
    [InlineData("022")]
    [InlineData("077")]
    [InlineData("277")]
    public void Whatever_the_umask_directories_and_key_are_the_users_alone(string umask)
    {
        string source = _desk.Source();
        var masked = new VarveProcess(_desk["home"]) { Before = $"umask {umask}; " };
        masked.Succeed("backup", source);
        masked.Succeed("backup", source);
        masked.Succeed("restore", "--target", _desk["restored"]);
        foreach (string place in (string[])[".cache/varve", ".config/varve", ".local/share/varve", ".config", ".cache", ".local/share"])
        {
            Assert.Equal(0u, Stat(Path(_desk["home/" + place])).Mode & 0x3F);
        }

        Assert.Equal(0x1C0u, Stat(Path(_desk["home/.cache/varve"])).Mode);
        Assert.Equal(0x180u, Stat(Path(_desk["home/.config/varve/key"])).Mode);
    }

    [Fact]
    public void A_key_file_that_others_can_read_is_warned_of_and_one_that_they_can_change_is_refused()
    {
        _desk.Varve.Succeed("init");
        string folder = _desk["home/.config/varve"], key = folder + "/key";
        Assert.Equal("", _desk.Varve.Succeed("snapshots", "--json").Error);
        Chmod(Path(key), 0x1A4);
        Assert.Contains("warning: the key file " + key + " is not safe: others than its owner may read it\n       it should be yours alone",
            _desk.Varve.Succeed("snapshots").Error, StringComparison.Ordinal);
        Chmod(Path(key), 0x1B4);
        Assert.Contains("is not used: others than its owner may write to it", _desk.Varve.Run("snapshots").Expect(1).Error,
            StringComparison.Ordinal);
        Chmod(Path(key), 0x180);
        Chmod(Path(folder), 0x1FF);
        Assert.Contains($"is not used: others may write to {folder}", _desk.Varve.Run("snapshots").Expect(1).Error, StringComparison.Ordinal);
        Chmod(Path(folder), 0x1C0);
        Directory.CreateDirectory(_desk["open"]);
        Chmod(Path(_desk["open"]), 0x3FF);
        _desk.Varve.Run("key", "add", "--new-key-file", _desk["open/key"]).Expect(1);
        _desk.Varve.Run("init", "-r", _desk["other"], "--key-file", _desk["open/key"]).Expect(1);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk["open"]));
    }

    [Fact]
    public void So_are_a_password_file_and_a_configuration()
    {
        _desk.Write("password", "secret\n");
        Chmod(Path(_desk["password"]), 0x180);
        string[] with = ["-r", _desk["repository"], "--password-file", _desk["password"]];
        Assert.Equal("", _desk.Varve.Succeed(["init", .. with]).Error);
        Chmod(Path(_desk["password"]), 0x1A4);
        Assert.Contains("is the password file and is not safe", _desk.Varve.Succeed(["snapshots", .. with]).Error, StringComparison.Ordinal);
        Chmod(Path(_desk["password"]), 0x1B6);
        Assert.Contains("is the password file and is not used", _desk.Varve.Run(["snapshots", .. with]).Expect(1).Error,
            StringComparison.Ordinal);
        Assert.Equal("", _desk.Varve.Succeed("snapshots", "-r", _desk["repository"], "--password-command", "echo secret", "--json").Error);

        _desk.Write("config", $"sources: [{{name: x, roots: [{_desk.Source()}]}}]");
        Chmod(Path(_desk["config"]), 0x1A4);
        _desk.Varve.Succeed("backup", "--config", _desk["config"]);
        Chmod(Path(_desk["config"]), 0x1B4);
        Assert.Contains("the configuration is not used: others than its owner may write to it",
            _desk.Varve.Run("backup", "--config", _desk["config"]).Expect(2).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(_desk["open"]);
        File.Move(_desk["config"], _desk["open/config"]);
        Chmod(Path(_desk["open/config"]), 0x180);
        Chmod(Path(_desk["open"]), 0x1FF);
        Assert.Contains("where it lies", _desk.Varve.Run("backup", "--config", _desk["open/config"]).Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_or_spool_below_a_directory_of_another_user_is_refused_with_what_to_do()
    {
        VarveProcess nobody = _desk.AsNobody();
        _desk.Varve.Succeed("init");
        foreach (string option in (string[])["--cache-dir", "--spool-dir"])
        {
            VarveResult refused = _desk.Varve.Run("backup", option, nobody.Home + "/mine", _desk.Source()).Expect(1);
            Assert.Contains($"{nobody.Home}, above it, belongs to user 65534", refused.Error, StringComparison.Ordinal);
            Assert.Contains(option, refused.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(nobody.Home));
    }

    [Fact]
    public void In_a_place_for_all_each_user_has_a_spool_of_his_own()
    {
        VarveProcess nobody = _desk.AsNobody();
        Directory.CreateDirectory(_desk["shared"]);
        Chmod(Path(_desk["shared"]), 0x3FF);
        string source = Directory.CreateDirectory(nobody.Home + "/source").FullName;
        _desk.Varve.Succeed("backup", "--spool-dir", _desk["shared"], _desk.Source());
        nobody.Succeed("backup", "--spool-dir", _desk["shared"], source);
        Assert.Equal(["varve-spool-0", "varve-spool-65534"],
            Directory.EnumerateDirectories(_desk["shared"]).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
        Directory.Delete(_desk["shared/varve-spool-65534"]);
        Directory.CreateDirectory(_desk["shared/varve-spool-65534"]); // by another user
        Assert.Contains("it belongs to user 0", nobody.Run("backup", "--spool-dir", _desk["shared"], source).Expect(1).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Root_with_the_HOME_of_a_user_looks_into_its_own_and_says_so()
    {
        VarveProcess nobody = _desk.AsNobody(), root = new(nobody.Home);
        string note = $"varve: note: HOME is {nobody.Home}, which belongs to user 65534 (nobody), and root runs this: ";
        VarveResult none = root.Run("ls", "-r", _desk["none"], "--cache-dir", _desk["cache"]).Expect(10);
        Assert.Contains(note, none.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("HOME", root.Run("ls", "-q", "-r", _desk["none"], "--cache-dir", _desk["cache"]).Expect(10).Error,
            StringComparison.Ordinal);
        _desk.Varve.Succeed("init", "-r", _desk["repository"], "--key-file", _desk["keys/key"]);
        root.Succeed("backup", "-r", _desk["repository"], "--key-file", _desk["keys/key"], "--cache-dir", _desk["cache"], _desk.Source());
        Assert.Empty(Directory.EnumerateFileSystemEntries(nobody.Home));
        nobody.Succeed("backup", _desk.Source()); // makes what it makes in his own
        Assert.Equal([".cache", ".config", ".local"],
            Directory.EnumerateFileSystemEntries(nobody.Home).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_catalog_that_others_could_have_put_there_is_asked_nothing()
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        string cache = Directory.GetDirectories(_desk["home/.cache/varve"]).Single();
        _desk.Varve.Succeed("sql", "select 1");
        Chmod(Path(cache), 0x1FF);
        foreach (string[] command in (string[][])[["sql", "select 1"], ["catalog", "status"], ["catalog", "rebuild"], ["find", "x"],
            ["unstable"], ["backup", _desk.Source()], ["restore", "--target", _desk["t"]]])
        {
            VarveResult refused = _desk.Varve.Run(command).Expect(1);
            Assert.Contains("others than its owner may write to it", refused.Error, StringComparison.Ordinal);
            Assert.Equal("", refused.Text);
        }
    }

    [Fact]
    public void A_key_slot_is_named_by_its_label_or_digits()
    {
        _desk.Write("password", "one\n");
        _desk.Write("second", "two\n");
        foreach (string file in (string[])["password", "second"]) { Chmod(Path(_desk[file]), 0x180); }
        _desk.Varve.Environment["VARVE_REPO"] = _desk["repository"];
        string[] one = ["--password-file", _desk["password"]], two = ["--password-file", _desk["second"]];
        _desk.Varve.Succeed(["init", "--label", "first", .. one]);
        string name = _desk.Varve.Succeed(["key", "add", "--label", "second", "--new-password-file", _desk["second"], "--json", .. one])
            .Object.GetProperty("key").GetString()!;
        _desk.Varve.Succeed(["snapshots", "--key-slot", "first", .. one]);
        _desk.Varve.Succeed(["snapshots", "--key-slot", name[..6], .. two]);
        foreach (string[] wrong in (string[][])[["--key-slot", "second", .. one], ["--key-slot", "third", .. one],
            ["--key-slot", name[..3], .. two]])
        {
            Assert.Contains("varve key list", _desk.Varve.Run(["snapshots", .. wrong]).Expect(12).Error, StringComparison.Ordinal);
        }
    }
}
