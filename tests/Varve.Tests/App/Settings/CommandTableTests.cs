using Varve.App.Settings.Values;
using Varve.App.Commands;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.Backup;

namespace Varve.Tests.App.Settings;

/// <summary>The table of settings makes sense, and everything is made from it.</summary>
public sealed class CommandTableTests
{
    [Fact]
    public void Every_command_that_does_something_has_its_code()
    {
        Assert.All(CommandTable.Leaves, static c => Assert.NotNull(CommandIndex.Find(c)));
        Assert.Distinct(CommandTable.Leaves.Select(static c => c.Path));
        Assert.All(CommandTable.All, static c =>
            Assert.All(c.Commands, below => Assert.StartsWith(c.Path + " ", below.Path, StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_are_distinct_in_each_command() =>
        Assert.All(CommandTable.Leaves, static c => Assert.Distinct(c.AllSettings.SelectMany(Names)));

    /// <summary>Completion scripts know an option by its name alone.</summary>
    [Fact]
    public void A_name_is_the_same_to_a_shell_in_whichever_command_it_stands()
    {
        foreach (IGrouping<string, Setting> same in CommandTable.Leaves.SelectMany(static c => c.AllSettings).Distinct()
            .GroupBy(static s => s.Name))
        {
            Setting first = same.First();
            Assert.All(same, s => Assert.Equal(
                (first.Alias, first.IsFlag, first.IsValueOptional, first.Completes, first.Words.Count > 0),
                (s.Alias, s.IsFlag, s.IsValueOptional, s.Completes, s.Words.Count > 0)));
        }

        Assert.Distinct(CommandTable.Leaves.SelectMany(static c => c.AllSettings).DistinctBy(static s => s.Name).SelectMany(Names));
    }

    [Fact]
    public void Every_option_of_every_command_is_parsed_by_each_of_its_names()
    {
        foreach (CommandSpec spec in CommandTable.Leaves)
        {
            foreach (Setting setting in spec.AllSettings)
            {
                foreach (string name in Names(setting))
                {
                    string[] option = setting.IsFlag || setting.IsValueOptional ? [name]
                        : [name, setting.Words.Count > 0 ? setting.Words[0] : "value"];
                    CommandLine line = CommandLine.Parse([.. spec.Path.Split(' '), .. option]);
                    Assert.True(line.Spec == spec && line.Values.IsGiven(setting), $"{spec.Path} {name}");
                    string? error = Record.Exception(line.ThrowIfWrong)?.Message;
                    Assert.True(error?.Contains(name, StringComparison.Ordinal) != true, $"{spec.Path} {name}: {error}");
                }
            }
        }
    }

    [Fact]
    public void Defaults_are_what_their_words_say()
    {
        Assert.Equal(BackupOptions.DefaultSpoolLimit, Default(BackupSettings.SpoolLimit));
        Assert.Equal(BackupOptions.DefaultDeltaFrom, Default(BackupSettings.DeltaFrom));
        Assert.Equal(BackupOptions.DefaultDeltaLimit, Default(BackupSettings.DeltaLimit));
        BackupOptions run = Assert.Single(Typed.Backup(null, "/a"));
        Assert.Equal(run.CompressionLevel, Default(BackupSettings.Compression));
        Assert.Equal(run.FileSystemSnapshot, Default(BackupSettings.FileSystemSnapshot));
        Assert.Equal(KeyLevel.Full, Default(KeySettings.Level));

        static T Default<T>(ValueSetting<T> setting) => setting.Parse(setting.Default!, setting.Name);
    }

    [Fact]
    public void Words_of_a_closed_set_are_all_understood_and_named_in_help()
    {
        Assert.All(BackupSettings.FileSystemSnapshot.Words, static w => BackupSettings.FileSystemSnapshot.Parse(w, "x"));
        Assert.All(KeySettings.Level.Words, static w => KeySettings.Level.Parse(w, "x"));
        foreach (Setting setting in CommandTable.Leaves.SelectMany(static c => c.AllSettings).Where(static s => s.Words.Count > 0))
        {
            Assert.All(setting.Words, w => Assert.Contains(w, setting.Help + setting.ValueName, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_keys_of_the_configuration_are_those_of_the_table()
    {
        string[] rules =
            ["exclude", "include", "exclude-from", "exclude-larger-than", "exclude-older-than", "exclude-newer-than", "exclude-if-present",
                "exclude-caches", "exclude-nodump", "exclude-if-xattr", "exclude-fs-type", "ignore-file", "group", "map", "tag",
                "one-file-system", "ignore-inode", "ignore-ctime", "fs-snapshot", "trust", "verify-existing", "budget", "budget-by",
                "compression", "keep-log"];
        string[] schedule = ["every", "cron", "window"];
        Assert.Equal(["forget", "prune", "check", "drill", "ping", "metrics-file", "on-battery", "priority"], ConfigKeys.OfDaemon);
        Assert.Equal(["host", "repository", "repositories", .. rules, "retention", "hooks", "notify", "alert-after", .. schedule, "daemon",
            "server", "sources", "profiles"], ConfigKeys.OfAll);
        Assert.Equal(["name", "as", "roots", .. rules, "retention", "hooks", "alert-after", "ping", .. schedule,
            "continuous", "settle", "at-most", "to", "archive", "keep"], ConfigKeys.OfSource);
        Assert.Equal(["name", "address", "key-file", "password-file", "password-command", "cache-dir", "ssh-command",
            "token-file", "ca-file", "client-certificate", "limit-upload", "limit-download", "wait-for-store"],
            ConfigKeys.OfRepository);
        Assert.Equal(["listen", "certificate", "key", "clients"], ConfigKeys.OfServer);
        Assert.Equal(["name", "repository", "sources", .. rules], ConfigKeys.OfProfile);
        foreach (Setting setting in ConfigKeys.Rules)
        {
            string value = setting.IsFlag ? "true" : setting == BackupSettings.ExcludeFrom ? "[/dev/null]"
                : setting == BackupSettings.OlderThan || setting == BackupSettings.NewerThan ? "yesterday"
                : setting == BackupSettings.KeepLog ? "14d"
                : setting == BackupSettings.IfPresent || setting == BackupSettings.IgnoreFiles ? "[name]"
                : setting == BackupSettings.Map ? "[/a=/b]"
                : setting.IsRepeated ? "['*,*-a']" : setting.Words.Count > 0 ? setting.Words[0] : "5";
            Assert.NotEqual(SourceRules.None, ConfigParser.Parse("c", $"{setting.Key}: {value}").Rules);
            Assert.NotEqual(SourceRules.None,
                Assert.Single(ConfigParser.Parse("c", $"sources:\n  - name: a\n    roots: [/a]\n    {setting.Key}: {value}").Sources).Rules);
            Assert.NotEqual(SourceRules.None,
                Assert.Single(ConfigParser.Parse("c", $"profiles: [{{name: a, {setting.Key}: {value}}}]").Profiles).Rules);
        }
    }

    private static IEnumerable<string> Names(Setting setting) => setting.Alias is null ? [setting.Name] : [setting.Name, setting.Alias];
}
