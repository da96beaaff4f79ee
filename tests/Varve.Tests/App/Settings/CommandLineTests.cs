using Varve.App.Settings.Values;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.Tests.App.Settings;

/// <summary>How a command line is read, and what is said of one that makes no sense.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("ls", "-lR", "latest", "-r", "x")]
    [InlineData("ls", "--long", "--recursive", "latest", "--repo=x")]
    [InlineData("-rx", "ls", "latest", "-l", "-R")]
    [InlineData("-r=x", "ls", "-Rl", "--", "latest")]
    public void An_option_stands_in_every_form_of_getopt(params string[] args)
    {
        SettingValues values = Sound(args);
        Assert.True(values.Has(HistorySettings.Long) && values.Has(HistorySettings.Recursive));
        Assert.Equal("x", values.Find(GlobalSettings.Repository));
        Assert.Equal("latest", values.Argument(HistorySettings.Snapshot));
    }

    [Fact]
    public void A_value_may_hold_anything_and_a_dash_stands_behind_the_sign()
    {
        SettingValues values = Sound("backup", "--exclude", "a=b", "--exclude=-x", "--exclude=", "-", "@file", "[suggest]", "--", "--as");
        Assert.Equal(["-", "@file", "[suggest]", "--as"], values.Arguments(BackupSettings.Paths));
        Assert.Equal("pattern '' is not valid", Throws(() => values.All(BackupSettings.Excludes)).Message[4..27]);
        Assert.Equal(["a=b", "-x"], Sound("backup", "--exclude", "a=b", "--exclude=-x").All(BackupSettings.Excludes));
    }

    [Fact]
    public void A_value_that_may_be_missing_is_taken_where_nothing_else_can_be_meant()
    {
        Assert.Equal(new DataShare(5, 1, 1), Sound("check", "--read-data", "5").FindValue(RepositorySettings.ReadData));
        Assert.Equal(new DataShare(5, 1, 1), Sound("check", "--read-data=5").FindValue(RepositorySettings.ReadData));
        Assert.Null(Sound("check", "--read-data", "--workers", "2").FindValue(RepositorySettings.ReadData));
    }

    [Theory]
    [InlineData("'bakcup' is no command; did you mean 'backup'?", "bakcup")]
    [InlineData("'snap' is no command; did you mean 'snapshots'?", "snap", "--long")]
    [InlineData("'frobnicate' is no command", "frobnicate", "list")]
    [InlineData("key: 'ad' is no command of it; did you mean 'key add'?", "key", "ad")]
    [InlineData("key: 'create' is no command of it; there are: list, add, passwd, remove, export, import", "key", "create")]
    [InlineData("key: a command is missing; there are: list, add, passwd, remove, export, import", "key")]
    [InlineData("a command is missing", "-r", "x")]
    [InlineData("backup: there is no option '--exlude'; did you mean '--exclude'?", "backup", "--exlude", "x")]
    [InlineData("backup: there is no option '--frobnicate'", "backup", "--frobnicate", "/etc")]
    [InlineData("why: there is no option '--exclude' here; 'backup', 'ls', 'restore', 'archive', 'digest' and 'plan' have it",
        "why", "--exclude", "x")]
    [InlineData("there is no option '--newest-first' before a command; 'backup' has it", "--newest-first", "backup")]
    [InlineData("snapshots: there is no option '-x' here; 'backup', 'ls', 'archive', 'digest' and 'plan' have it", "snapshots", "-x")]
    [InlineData("ls: there is no option '-z'", "ls", "-lz")]
    [InlineData("backup: --exclude needs a value: --exclude RULE", "backup", "/etc", "--exclude")]
    [InlineData("backup: --exclude needs a value: --exclude RULE; a value that begins with a dash is written --exclude=--force",
        "backup", "--exclude", "--force", "/etc")]
    [InlineData("backup: --force takes no value", "backup", "--force=yes")]
    [InlineData("restore: --target is given twice", "restore", "--target", "a", "--target", "b")]
    [InlineData("key remove: KEY is missing", "key", "remove")]
    [InlineData("snapshots: it takes options only, not 'x'", "snapshots", "x")]
    [InlineData("ls: 'b' is one argument too many; it takes [SNAPSHOT[:PATH]]", "ls", "a", "b")]
    public void What_makes_no_sense_is_said_with_what_may_be_meant(string message, params string[] args)
    {
        VarveException error = Throws(CommandLine.Parse(args).ThrowIfWrong);
        Assert.Equal((message, ErrorKind.Usage, Advice.SeeHelp), (error.Message, error.Kind, error.Advice));
    }

    [Fact]
    public void Whatever_is_wrong_help_may_be_asked_for()
    {
        CommandLine line = CommandLine.Parse(["backup", "--frobnicate", "-h"]);
        Assert.True(line.IsHelp);
        Assert.Equal("backup", line.Spec!.Path);
    }

    [Theory]
    [InlineData("bakcup", "backup")]
    [InlineData("resotre", "restore")]
    [InlineData("fnd", "find")]
    [InlineData("restored", "restore")]
    [InlineData("--help-me", null)]
    [InlineData("xy", null)]
    public void What_is_near_takes_few_changes_for_its_length(string typed, string? nearest) =>
        Assert.Equal(nearest, Nearest.To(typed, CommandTable.Names));

    private static SettingValues Sound(params string[] args)
    {
        CommandLine line = CommandLine.Parse(args);
        line.ThrowIfWrong();
        return line.Values;
    }

    private static VarveException Throws(Action action) => Assert.Throws<VarveException>(action);
}
