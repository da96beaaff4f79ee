namespace Varve.Tests.App.Sources;

/// <summary>A place that has lost its repository, or never had one, or is none.</summary>
public sealed class LostRepositoryTests : IDisposable
{
    private readonly Person _me = new();

    public void Dispose() => _me.Dispose();

    [Theory]
    [InlineData("s3:bucket/backup")]
    [InlineData("sftp:host/backup")]
    [InlineData("rclone:remote:backup")]
    [InlineData("C:\\backup")]
    [InlineData("user@host:backup")]
    [InlineData("rest:http://host:8000/")]
    public void What_names_another_store_is_refused_by_every_command_and_nothing_is_made(string address)
    {
        string docs = _me.Write("docs/a", "text");
        string[][] commands = [["backup", docs], ["init", "--key-file", _me["home/key"]], ["snapshots"], ["restore", "-t", _me["out"]]];
        foreach (string[] command in commands)
        {
            Assert.Equal(2, _me.Try([.. command, "-r", address]));
            Assert.Contains("no directory's path", _me.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("init", _me.Error, StringComparison.Ordinal);
        }

        _me.Environment["VARVE_REPO"] = address;
        Assert.Equal(2, _me.Try("backup", docs));
        Assert.Empty(Directory.GetFileSystemEntries(_me["home"]));
    }

    [Fact]
    public void A_path_with_a_colon_behind_a_slash_is_a_path()
    {
        Assert.Equal(10, _me.Try("snapshots", "-r", "./a:b"));
        _me.Run("init", "-r", _me["a:b"], "--key-file", _me["home/key"]);
        _me.Run("snapshots", "-r", _me["a:b"], "--key-file", _me["home/key"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_default_place_is_not_filled_anew_when_its_repository_is_gone(bool keepsKey)
    {
        string docs = _me.Write("docs/a", "text"), place = _me["home/.local/share/varve/repository"];
        _me.Run("backup", docs);
        Empty(place);
        if (!keepsKey) { File.Delete(_me["home/.config/varve/key"]); }
        Assert.Equal(10, _me.Try("backup", docs));
        Assert.Contains("its disk is not mounted", _me.Error, StringComparison.Ordinal);
        Assert.Contains("varve init", _me.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(place));
        Assert.Equal(keepsKey, File.Exists(_me["home/.config/varve/key"]));
        Assert.Equal(10, _me.Try("snapshots"));
        Assert.Contains("its disk is not mounted", _me.Error, StringComparison.Ordinal);
        _me.Run("init");
        _me.Run("backup", docs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_mount_point_that_lost_its_disk_is_known_by_the_cache_and_by_the_key_file(bool keepsCache)
    {
        string docs = _me.Write("docs/a", "text"), place = _me["mnt/disk"], key = _me["home/key"];
        _me.Run("init", "-r", place, "--key-file", key);
        _me.Run("backup", "-r", place, "--key-file", key, docs);
        Empty(place);
        if (!keepsCache) { Directory.Delete(_me["home/.cache"], recursive: true); }
        foreach (string[] command in (string[][])[["backup", docs], ["snapshots"], ["check"]])
        {
            Assert.Equal(10, _me.Try([.. command, "-r", place, "--key-file", key]));
            Assert.Contains("its disk is not mounted", _me.Error, StringComparison.Ordinal);
            Assert.Contains("mount the disk", _me.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(place));
        _me.Run("init", "-r", place, "--key-file", key);
    }

    [Fact]
    public void A_key_file_that_is_named_keeps_the_default_place_from_being_filled()
    {
        string docs = _me.Write("docs/a", "text"), key = _me["home/key"];
        _me.Run("init", "-r", _me["mnt/disk"], "--key-file", key);
        Assert.Equal(10, _me.Try("backup", "--key-file", key, docs));
        Assert.Contains($"is of the one at {_me["mnt/disk"]}", _me.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_me["home/.local"]));
    }

    [Fact]
    public void Another_repository_at_the_place_is_said_to_be_another()
    {
        string place = _me["mnt/disk"], key = _me["home/key"];
        string first = _me.Json("init", "-r", place, "--key-file", key).GetProperty("id").GetString()!;
        Directory.Move(place, _me["mnt/away"]);
        string second = _me.Json("init", "-r", place, "--key-file", _me["home/other"]).GetProperty("id").GetString()!;
        Assert.Equal(12, _me.Try("snapshots", "-r", place, "--key-file", key));
        Assert.Contains($"is of the repository {first}, which was at {place}; at {place} is {second}", _me.Error, StringComparison.Ordinal);

        // Who has another key is warned, once.
        Directory.Delete(_me["home/.cache"], recursive: true);
        _me.Run("snapshots", "-r", place, "--key-file", _me["home/other"]);
        Directory.Move(place, _me["mnt/second"]);
        Directory.Move(_me["mnt/away"], place);
        _me.Run("snapshots", "-r", place, "--key-file", key);
        Assert.Contains($"({first}) is another one than was there before ({second})", _me.Error, StringComparison.Ordinal);
        _me.Run("snapshots", "-r", place, "--key-file", key);
        Assert.DoesNotContain("another", _me.Error, StringComparison.Ordinal);
    }

    private static void Empty(string place)
    {
        Directory.Delete(place, recursive: true);
        Directory.CreateDirectory(place);
    }
}
