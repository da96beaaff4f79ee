using System.Text;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Values;
using Varve.Backup;
using Varve.Freeze;
using Varve.Model;

namespace Varve.Tests.App.Settings;

/// <summary>Repositories, profiles, and what holds for a source when several places say something of it.</summary>
public sealed class ConfigRulesTests
{
    private const string Whole =
        """
        repository: disk
        repositories:
          - {name: disk, address: /mnt/disk/backup, key-file: ~/disk.key, cache-dir: caches/disk}
          - {name: nas, address: ../nas, password-command: pass show nas}
          - {name: usb, address: ~/usb, password-file: /etc/usb}
        exclude: ['all']
        tag: [every]
        compression: 5
        one-file-system: true
        sources:
          - {name: home, roots: [~/], exclude: ['home'], tag: [own], compression: 7, budget: 1M, one-file-system: false}
          - {name: etc, roots: [etc]}
        profiles:
          - {name: night, repository: nas, sources: [etc], exclude: ['night'], compression: 9, budget: 2M}
          - {name: week, repository: /mnt/week, fs-snapshot: auto}
          - {name: plain}
        """;

    private readonly ConfigFile _config = ConfigParser.Parse("/etc/varve/config.yaml", Whole, "/home/me");

    [Fact]
    public void Repositories_are_read_with_home_and_relative_paths()
    {
        Assert.Equal("disk", _config.Repository);
        Assert.Equal(["disk /mnt/disk/backup KeyFile:/home/me/disk.key /etc/varve/caches/disk",
            "nas /etc/nas PasswordCommand:pass show nas ", "usb /home/me/usb PasswordFile:/etc/usb "],
            _config.Repositories.Select(static r => $"{r.Name} {r.Address} {r.Credential!.Kind}:{r.Credential.Value} {r.CacheDirectory}"));
        Assert.Equal(["/home/me/", "/etc/varve/etc"], _config.Sources.Select(static s => Text(s.Roots[0].Path) + (s.Name == "home" ? "/" : "")));
    }

    [Fact]
    public void The_command_line_goes_before_the_profile_that_before_the_source_and_that_before_all()
    {
        BackupOptions home = Typed.Backup(_config, "--source", "home")[0];
        Assert.Equal(["all", "home"], home.PlacedRules.Select(static r => r.Pattern));
        Assert.Equal(["every", "own"], home.Tags);
        Assert.Equal((7, 1L << 20, false), (home.CompressionLevel, home.Budget, home.OneFileSystem));
        BackupOptions etc = Typed.Backup(_config, "--source", "etc")[0];
        Assert.Equal((5, null, true), (etc.CompressionLevel, etc.Budget, etc.OneFileSystem));
        BackupOptions atNight = Assert.Single(Typed.Backup(_config, _config.Profiles[0]));
        Assert.Equal(("etc", 9, 2L << 20), (atNight.Source, atNight.CompressionLevel, atNight.Budget));
        Assert.Equal(["all", "night"], atNight.PlacedRules.Select(static r => r.Pattern));
        BackupOptions homeAtNight = Typed.Backup(_config, _config.Profiles[0], "--source", "home", "--compression", "1", "-x")[0];
        Assert.Equal((1, 2L << 20, true), (homeAtNight.CompressionLevel, homeAtNight.Budget, homeAtNight.OneFileSystem));
        Assert.Equal(2, Typed.Backup(_config, _config.Profiles[1]).Count);
        Assert.All(Typed.Backup(_config, _config.Profiles[1]), static r => Assert.Equal(FreezeMethod.Auto, r.FileSystemSnapshot));
        BackupOptions typed = Assert.Single(Typed.Backup(_config, "/srv"));
        Assert.Equal((5, true, "all"), (typed.CompressionLevel, typed.OneFileSystem, Assert.Single(typed.PlacedRules).Pattern));
    }

    [Theory]
    [InlineData("", "/mnt/disk/backup", "KeyFile", "/home/me/disk.key", "/etc/varve/caches/disk")]
    [InlineData("-r nas", "/etc/varve/../nas", "PasswordCommand", "pass show nas", "/home/me/.cache/varve")]
    [InlineData("-r /mnt/disk/backup/", "/mnt/disk/backup", "KeyFile", "/home/me/disk.key", "/etc/varve/caches/disk")]
    [InlineData("-r /elsewhere", "/elsewhere", null, null, "/home/me/.cache/varve")]
    [InlineData("-r nas --key-file k", "/etc/varve/../nas", "KeyFile", "k", "/home/me/.cache/varve")]
    [InlineData("-r disk --cache-dir c", "/mnt/disk/backup", "KeyFile", "/home/me/disk.key", "c")]
    [InlineData("--profile night", "/etc/varve/../nas", "PasswordCommand", "pass show nas", "/home/me/.cache/varve")]
    [InlineData("--profile week", "/mnt/week", null, null, "/home/me/.cache/varve")]
    [InlineData("-P plain", "/mnt/disk/backup", "KeyFile", "/home/me/disk.key", "/etc/varve/caches/disk")]
    [InlineData("-P night -r usb", "/home/me/usb", "PasswordFile", "/etc/usb", "/home/me/.cache/varve")]
    public void What_a_command_works_with_is_what_the_line_the_profile_and_the_file_say(
        string line, string repository, string? kind, string? credential, string cache)
    {
        using var place = new ConfigPlace(Whole);
        GlobalOptions options = place.Resolve(line);
        string At(string path) => Path.GetFullPath(path.Replace("/etc/varve", place.Folder, StringComparison.Ordinal), "/");
        Assert.Equal((At(repository), At(cache)), (options.Repository, Path.GetFullPath(options.CacheRoot, "/")));
        CredentialSource? source = options.Credential ?? options.Configured;
        Assert.Equal((kind, credential), (source?.Kind.ToString(), source?.Value));
        Assert.False(options.IsDefaultRepository);
    }

    [Theory]
    [InlineData("--profile other", "it has no profile named 'other'; there are: night, week, plain")]
    [InlineData("--profile night --config missing.yaml", "missing.yaml")]
    public void A_profile_that_is_not_there_is_refused(string line, string says)
    {
        using var place = new ConfigPlace(Whole);
        VarveException e = Assert.Throws<VarveException>(() => place.Resolve(line));
        Assert.Equal(ErrorKind.Usage, e.Kind);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_names_a_repository_is_not_kept_from_his_files_by_a_broken_configuration()
    {
        using var place = new ConfigPlace("sources: [");
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => place.Resolve("")).Kind);
        GlobalOptions options = place.Resolve("-r /mnt/x");
        Assert.Equal("/mnt/x", options.Repository);
        Assert.NotNull(options.ConfigurationError);
        Assert.Throws<VarveException>(() => place.Resolve("-r /mnt/x --profile p"));
    }

    [Theory]
    [InlineData("repositories: [{name: a}]", "1:16", "a repository has no 'address'")]
    [InlineData("repositories: [{address: /a}]", "1:16", "a repository has no 'name'")]
    [InlineData("repositories: [{name: a/b, address: /a}]", "1:23", "the name of a repository has no '/'")]
    [InlineData("repositories: [{name: a, address: /a}, {name: a, address: /b}]", "1:40", "there are two repositories named 'a'")]
    [InlineData("repositories:\n  - name: a\n    address: /a\n    key-file: k\n    password-file: p", "5:20", "a repository has one of")]
    [InlineData("repositories: [{name: a, address: /a, password: x}]", "1:39", "there is no key 'password' in a repository")]
    [InlineData("repository: b", "1:13", "there is no repository named 'b'")]
    [InlineData("profiles: [{name: p, sources: [s]}]", "1:32", "there is no source named 's'")]
    [InlineData("profiles: [{name: p, repository: b}]", "1:34", "there is no repository named 'b'")]
    [InlineData("profiles: [{sources: []}]", "1:12", "a profile has no 'name'")]
    [InlineData("compression: 20", "1:14", "'compression' wants a whole number from 1 to 19")]
    [InlineData("budget: much", "1:9", "'budget' wants a size")]
    [InlineData("budget-by: files", "1:12", "'budget-by' must be one of stored, size")]
    public void What_makes_no_sense_is_an_error_that_names_line_and_column(string text, string place, string says)
    {
        VarveException e = Assert.Throws<VarveException>(() => ConfigParser.Parse("c", text));
        Assert.StartsWith($"c:{place}: {says}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_one_source_is_told_of_that_one()
    {
        ConfigFile config = ConfigParser.Parse("c",
            """
            sources:
              - {name: good, roots: [/good]}
              - {name: typo, roots: [/typo], exlude: ['x']}
              - roots: [/nameless]
              - {name: good, roots: [/other]}
              - {name: fine, roots: [/fine]}
            profiles: [{name: p, sources: [good, typo]}]
            """);
        Assert.Equal(["good", "fine"], config.Sources.Select(static s => s.Name));
        Assert.Equal([("typo", 3L), (null, 4L), ("good", 5L)], config.Wrong.Select(static w => (w.Name, w.Error.Subject.Line)));
        Assert.Equal(3, BackupRequest.Wrong(Typed.Line("backup"), config, null).Count);
        Assert.Equal(["typo"], BackupRequest.Wrong(Typed.Line("backup", "--source", "typo"), config, null).Select(static w => w.Name));
        Assert.Equal(["typo", "good"], BackupRequest.Wrong(Typed.Line("backup"), config, config.Profiles[0]).Select(static w => w.Name));
        Assert.Empty(BackupRequest.Wrong(Typed.Line("backup", "/typo"), config, null));
        Assert.Equal(3, Assert.Throws<VarveException>(() => Typed.Backup(config, "--source", "typo")).Subject.Line);
        Assert.Single(Typed.Backup(config, config.Profiles[0]));
    }

    [Fact]
    public void A_profile_all_of_whose_sources_are_wrong_fails_by_those_and_no_others()
    {
        ConfigFile config = ConfigParser.Parse("c",
            """
            sources:
              - {name: typo, roots: [/typo], exlude: ['x']}
              - {name: else, roots: [/else], exlude: ['x']}
              - {name: fine, roots: [/fine]}
            profiles: [{name: p, sources: [typo]}]
            """);
        Assert.Equal(2, Assert.Throws<VarveException>(() => Typed.Backup(config, config.Profiles[0])).Subject.Line);
        Assert.Equal(["typo"], BackupRequest.Wrong(Typed.Line("backup"), config, config.Profiles[0]).Select(static w => w.Name));
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
