using System.Diagnostics;
using System.Text;
using Varve.Model;
using Varve.Tests.App;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Vault;

/// <summary>Bad input gets one clear message, the exit code for it, and never a stack trace; nothing is lost by it.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void A_place_without_a_repository_is_exit_10()
    {
        using var d = new ZooDirectory();
        Directory.CreateDirectory(d["empty"]);
        File.WriteAllText(d["file"], "not a directory");
        foreach (string place in (string[])["empty", "file", "missing", "file/below"])
        {
            (int code, string error) = Run(d.Root, "snapshots", "-r", d[place], "--key-file", d["key"]);
            Assert.Equal(10, code);
            Assert.Contains(d[place], error, StringComparison.Ordinal);
            Assert.Equal(ErrorKind.NoRepository, Assert.Throws<VarveException>(() => Open(d[place], d["key"], d["cache"])).Kind);
        }

        Assert.Equal("not a directory", File.ReadAllText(d["file"]));
        Assert.NotEqual(0, Run(d.Root, "init", "-r", d["file"], "--key-file", d["key"]).Code);
        Assert.Equal("not a directory", File.ReadAllText(d["file"]));
    }

    [Fact]
    public void A_directory_with_other_things_in_it_does_not_become_a_repository()
    {
        using var d = new ZooDirectory();
        Directory.CreateDirectory(d["photos"]);
        File.WriteAllText(d["photos/one"], "1");
        (int code, string error) = Run(d.Root, "init", "-r", d["photos"], "--key-file", d["key"]);
        Assert.Equal(2, code);
        Assert.Contains("not empty", error, StringComparison.Ordinal);
        Assert.Equal(["one"], Directory.EnumerateFileSystemEntries(d["photos"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("Photo.JPG")] // no name that an object could have
    [InlineData(".hidden")]
    [InlineData("empty/")]
    public void A_directory_that_is_refused_is_not_touched_whatever_is_in_it(string name)
    {
        using var d = new ZooDirectory();
        Directory.CreateDirectory(d["photos/empty"]);
        if (name[^1] != '/')
        {
            Directory.Delete(d["photos/empty"]);
            File.WriteAllText(d["photos/" + name], "1");
        }

        Directory.SetLastWriteTimeUtc(d["photos"], DateTime.UnixEpoch);
        (int code, string error) = Run(d.Root, "init", "-r", d["photos"], "--key-file", d["key"]);
        Assert.Equal(2, code);
        Assert.Contains("not empty", error, StringComparison.Ordinal);
        Assert.Equal(DateTime.UnixEpoch, Directory.GetLastWriteTimeUtc(d["photos"]));
        Assert.False(File.Exists(d["key"]));
    }

    [Theory]
    [InlineData("lost+found")] // the root of a disk
    [InlineData(".varve-probe-0123456789abcdef0123456789abcdef")] // an init was killed here
    public void A_disk_with_nothing_on_it_becomes_a_repository(string name)
    {
        using var d = new ZooDirectory();
        Directory.CreateDirectory(d["disk/" + name]);
        string key = KeyPlace.In(d.Root);
        Assert.Equal(0, Run(d.Root, "init", "-r", d["disk"], "--key-file", key).Code);
        Assert.Equal((0, ""), Run(d.Root, "check", "-r", d["disk"], "--key-file", key, "--cache-dir", d["cache"]));
    }

    [Fact]
    public void A_repository_of_a_newer_version_is_refused_and_left_alone()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        string header = Damaged.File(copy, "varve");
        Damaged.Write(copy, "varve",
            Encoding.ASCII.GetBytes(File.ReadAllText(header).Replace("\"varve\":1", "\"varve\":2", StringComparison.Ordinal)));
        VarveException e = Assert.Throws<VarveException>(() => copy.Open());
        Assert.Equal(ErrorKind.Unsupported, e.Kind);
        foreach (string[] command in (string[][])[["snapshots"], ["backup", Damaged.Pristine.Source], ["check"],
            ["restore", "latest", "--target", copy["target"]], ["key", "list"], ["catalog", "rebuild"]])
        {
            (int code, string error) = Run(copy, command);
            Assert.Equal(1, code);
            Assert.Contains("is of format 2, which is newer", error, StringComparison.Ordinal);
        }

        Assert.Equal(Damaged.Objects.Count, Directory.EnumerateFiles(copy.Store, "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void Keys_that_do_not_fit_are_exit_12_and_say_what_would()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        using (Repository repository = copy.Open()) { repository.AddKey(KeyLevel.Full, new Credentials { Password = "right" }, "typed"); }
        Repository.Init(new RepositoryLocation(copy["another"]), new Credentials { KeyFilePath = copy["another-key"] }, "x", copy.Options())
            .Dispose();
        File.WriteAllText(copy["garbage"], "this is no key\n");
        File.WriteAllBytes(copy["binary"], MixedTree.Bytes(1, 5000));
        File.WriteAllText(copy["blank"], "");
        File.WriteAllText(copy["cut"], File.ReadAllText(copy["key"])[..^20]);
        foreach ((string key, int expected, string says) in ((string, int, string)[])
            [("another-key", 12, "is of the repository "), ("garbage", 12, "not a key file"), ("binary", 12, "not a key file"),
            ("blank", 12, "not a key file"), ("cut", 12, "not a key file"), ("missing", 12, "does not exist")])
        {
            var world = new FakeWorld();
            world.Environment["HOME"] = copy["home"];
            int code = world.Run("snapshots", "-r", copy.Store, "--key-file", copy[key], "--cache-dir", copy.Cache);
            Assert.Equal((key, expected), (key, code));
            Assert.Contains(says, world.Error, StringComparison.Ordinal);
            Assert.Contains(copy[key], world.Error, StringComparison.Ordinal);
        }

        foreach ((string password, int expected) in ((string, int)[])[("wrong", 12), ("right", 0)])
        {
            var world = new FakeWorld();
            world.Environment["HOME"] = copy["home"];
            world.Environment["VARVE_PASSWORD"] = password;
            Assert.Equal(expected, world.Run("snapshots", "-r", copy.Store, "--cache-dir", copy.Cache));
            if (expected != 0) { Assert.Contains("VARVE_PASSWORD opens no key slot", world.Error, StringComparison.Ordinal); }
        }
    }

    [Fact]
    public void A_write_only_key_cannot_read()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        foreach (string[] command in (string[][])[["restore", "latest", "--target", copy["target"]], ["check"], ["ls"],
            ["dump", "latest:a/small-0"], ["catalog", "rebuild"]])
        {
            var world = new FakeWorld();
            world.Environment["HOME"] = copy["home"];
            Assert.Equal(12, world.Run([.. command, "-r", copy.Store, "--key-file", copy["write-key"], "--cache-dir", copy.Cache]));
            Assert.Contains("full key", world.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(copy["target"]));
    }

    [Fact]
    public void A_target_that_is_not_empty_is_left_alone()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        Directory.CreateDirectory(copy["target"]);
        File.WriteAllText(copy["target/mine"], "mine");
        (int code, string error) = Run(copy, "restore", "latest", "--target", copy["target"]);
        Assert.Equal(2, code);
        Assert.Contains("not empty", error, StringComparison.Ordinal);
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(copy["target"]).Select(Path.GetFileName));
        (code, error) = Run(copy, "restore", "latest", "--target", copy["target/mine"]);
        Assert.NotEqual(0, code);
        Assert.Equal("mine", File.ReadAllText(copy["target/mine"]));
    }

    [Fact]
    public void A_source_that_is_not_there_or_no_file_is_said()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        (int code, string error) = Run(copy, "backup", copy["nowhere"]);
        Assert.Equal(1, code);
        Assert.Contains(copy["nowhere"], error, StringComparison.Ordinal);
        ZooPosix.MakeNode(ZooPosix.Path(copy["fifo"]), 0x1180, 0, 0);
        (code, error) = Run(copy, "backup", copy["fifo"]);
        Assert.Equal(2, code);
        Assert.Contains("neither a directory nor a regular file", error, StringComparison.Ordinal);
        Assert.Equal(3, Directory.EnumerateFiles(Path.Combine(copy.Store, "snapshots"), "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void Snapshots_and_paths_that_are_not_there_are_said()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        Assert.Equal(1, Run(copy, "restore", "00000000", "--target", copy["target"]).Code);
        Assert.Equal(1, Run(copy, "restore", "xyz", "--target", copy["target"]).Code);
        (int code, string error) = Run(copy, "restore", "latest:no/such", "--target", copy["target"]);
        Assert.Equal(1, code);
        Assert.Contains("no/such", error, StringComparison.Ordinal);
        Assert.Equal(1, Run(copy, "dump", "latest:no/such").Code);
        Assert.Equal(0, Run(copy, "dump", "latest:a").Code); // a directory is a tar
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_repository_that_cannot_be_written_is_an_error_for_writers_only()
    {
        using var mount = new TinyMount(8);
        using SmallRepository copy = Damaged.Pristine.Copy();
        Programs.Run("cp", "-a", copy.Store, Path.Combine(mount.Path, "repo"));
        mount.MakeReadOnly();
        string store = Path.Combine(mount.Path, "repo");
        using var world = new ZooDirectory();
        (int code, string error) = Run(world.Root, "backup", Damaged.Pristine.Source, "-r", store, "--key-file", copy["key"], "--cache-dir",
            copy.Cache);
        Assert.Equal(1, code);
        Assert.Contains("Read-only", error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, Run(world.Root, "check", "--read-data", "-r", store, "--key-file", copy["key"], "--cache-dir", copy.Cache).Code);
        Assert.Equal(0,
            Run(world.Root, "restore", "latest", "--target", copy["target"], "-r", store, "--key-file", copy["key"], "--cache-dir",
            copy.Cache).Code);
    }

    [Fact]
    public void Damage_found_by_a_check_or_a_restore_shows_in_the_exit_code()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        Assert.Equal(0, Run(copy, "check", "--read-data").Code);
        string pack = Damaged.Objects.First(static o => o.Sort == "data pack").Key;
        Damaged.Write(copy, pack, null);
        Assert.Equal(1, Run(copy, "check").Code);
        int incomplete = 0;
        foreach (ObjectName snapshot in copy.Snapshots)
        {
            (int code, string error) = Run(copy, "restore", snapshot.ToString(), "--target", copy["target-" + snapshot]);
            if (code == 0) { continue; }
            Assert.Equal(3, code);
            Assert.Contains(pack, error, StringComparison.Ordinal);
            incomplete++;
        }

        Assert.InRange(incomplete, 1, 3);
    }

    [Fact]
    public void Without_libzstd_one_line_says_what_to_install()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        Directory.CreateDirectory(copy["home"]);
        string[][] commands =
        [
            ["backup", Damaged.Pristine.Source, "-r", copy.Store, "--key-file", copy["key"]],
            ["restore", "latest", "--target", copy["target"], "-r", copy.Store, "--key-file", copy["key"]],
            ["check", "--read-data", "-r", copy.Store, "--key-file", copy["key"]],
            ["ls", "latest", "-r", copy.Store, "--key-file", copy["key"]],
        ];
        foreach (string[] command in commands)
        {
            (int code, string error) = RunPublished(copy["home"], command);
            Assert.Equal((command[0], 1), (command[0], code));
            Assert.Contains("/nonexistent/libzstd.so is missing", error, StringComparison.Ordinal);
            Assert.Contains("apt install libzstd1", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("bug", error, StringComparison.Ordinal);
        }

        Assert.Equal(3, Directory.EnumerateFiles(Path.Combine(copy.Store, "snapshots"), "*", SearchOption.AllDirectories).Count());
    }

    private static (int Code, string Error) Run(SmallRepository repository, params string[] command) =>
        Run(repository["home"], [.. command, "-r", repository.Store, "--key-file", repository["key"], "--cache-dir", repository.Cache]);

    private static (int Code, string Error) Run(string home, params string[] command)
    {
        var world = new FakeWorld();
        world.Environment["HOME"] = home;
        int code = world.Run(command);
        Assert.DoesNotContain("unexpected error", world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", world.Error, StringComparison.Ordinal);
        return (code, world.Error);
    }

    private static (int Code, string Text) RunPublished(string home, string[] command)
    {
        var start = new ProcessStartInfo(Published(), command) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["VARVE_LIBZSTD"] = "/nonexistent/libzstd.so";
        start.Environment["HOME"] = home;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error + output.Result);
    }

    private static void Open(string place, string key, string cache) =>
        Repository.Open(new RepositoryLocation(place), new Credentials { KeyFilePath = key }, new RepositoryOptions { CacheRoot = cache })
        .Dispose();

    private static string Published()
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            string program = Path.Combine(at, ".build", "current", "varve");
            if (File.Exists(program)) { return program; }
        }

        throw new FileNotFoundException("./varve has not been built: run ./varve --version first, as ./test does");
    }
}
