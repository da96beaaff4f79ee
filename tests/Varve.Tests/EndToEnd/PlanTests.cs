using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Plans as they are typed, of what real programs saved, and taken by real programs.</summary>
[Trait("Takes", "minutes")]
public sealed class PlanTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly string _source;

    public PlanTests()
    {
        _source = _desk["work"];
        Directory.CreateDirectory(_source + "/sub");
        foreach (string name in (string[])["old", "changed", "sub/left"]) { _desk.Write("work/" + name, name); }
        Shell("touch -d '2020-01-01 00:00:00' work/old work/changed work/sub/left");
    }

    public void Dispose() => _desk.Dispose();

    /// <summary>What saves, and how it lists that.</summary>
    public static TheoryData<string, string> Programs_that_save => new()
    {
        { "/usr/bin/tar", "tar -cf t work; tar -tvf t" },
        { "/usr/bin/bsdtar", "bsdtar -cf t work; bsdtar -tvf t" },
        { "/usr/bin/zpaq", "zpaq add t.zpaq work >/dev/null 2>&1; zpaq list t.zpaq 2>/dev/null" },
        { "/usr/bin/restic", "restic init -q -r t >/dev/null; restic -q -r t backup work >/dev/null; restic -r t ls latest --json" },
        { "/usr/bin/borg", "borg init -e none t 2>/dev/null; borg create t::x work; borg list --json-lines t::x" },
        { "/usr/bin/find", "find work -printf '%T@ %s %i %m %y %g %u %D %p\\n'" },
    };

    [Theory]
    [MemberData(nameof(Programs_that_save))]
    public void What_a_program_saved_is_not_due_until_it_changes(string program, string command)
    {
        Assert.SkipUnless(File.Exists(program), program + " is not installed");
        Shell($"export RESTIC_PASSWORD=x BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes HOME=$PWD TZ=UTC; ({command}) > saved");
        string[] map = ["--saved-map", $"re:^/?(.*/)?work=/work", "--map", $"{_source}=/work", "--saved-zone", "UTC"];
        Assert.Equal("", Plan([.. map, "--saved", _desk["saved"]]).Text);
        _desk.Write("work/changed", "changed again");
        _desk.Write("work/new", "new");
        Shell("touch -d '2021-01-01 00:00:01' work/changed; touch -d '2021-01-01 00:00:02' work/new; touch -d '2019-01-01' work/old");
        VarveResult plan = Plan([.. map, "--saved", _desk["saved"]]);
        string[] lines = plan.Text.Split('\n')[..^1];
        Assert.Equal(["/work/new", "/work/changed"], lines.Select(static l => l.Split('\t')[0]));
        Assert.Equal(["1609459202.000000000", _source + "/new", "3", ""], lines[0].Split('\t')[1..]);
        Assert.Equal(("13", false), (lines[1].Split('\t')[3], lines[1].EndsWith('\t')));
        Assert.Contains("due: 2 files, 16 B", plan.Error, StringComparison.Ordinal);
        Assert.Contains("of 1 something newer", plan.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_plan_lists_is_taken_by_a_backup_and_by_other_programs()
    {
        _desk.Varve.Succeed("backup", _source);
        _desk.Write("work/new\nline", "n");
        Shell("touch -d '2021-01-01' work/changed");
        byte[] names = Plan("--saved-snapshot", "latest", "--format", "names0").Output;
        File.WriteAllBytes(_desk["due"], names);
        string[] expected = [_source + "/changed", _source + "/new\nline"];
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(names).Split('\0')[..^1].Order(StringComparer.Ordinal));
        Shell("tar --null -T due -cPf due.tar; tar -tPf due.tar > got; cpio -0 -o < due > due.cpio 2>/dev/null; "
            + "mkdir into; rsync --from0 --files-from=due / into; find into -type f -printf x | wc -c > count; "
            + "xargs -0 zpaq add due.zpaq < due >/dev/null 2>&1; zpaq list due.zpaq 2>/dev/null > packed");
        Assert.Contains("/changed", File.ReadAllText(_desk["got"]), StringComparison.Ordinal);
        Assert.Equal("2\n", File.ReadAllText(_desk["count"]));
        Assert.All(expected, path => Assert.Contains(path, File.ReadAllText(_desk["packed"]), StringComparison.Ordinal));
        _desk.Varve.Succeed("backup", "--as", "/lists/work", _source, "--files-from0", _desk["due"]);
        Assert.Equal("changed\nnew\\nline\n", _desk.Varve.Succeed("ls", "latest:/lists/work").Text);
    }

    [Fact]
    public void Volumes_and_the_summary_as_JSON_and_what_makes_no_sense()
    {
        JsonElement plan = Plan("--volumes", "8", "--output", _desk["due"], "--json", "--format", "names", "--sort", "name").Object;
        Assert.Equal((3, 3), (plan.GetProperty("due").GetProperty("files").GetInt32(), plan.GetProperty("volumes").GetInt32()));
        Assert.Equal([_source + "/changed\n", _source + "/old\n", _source + "/sub/left\n"],
            Enumerable.Range(1, 3).Select(i => File.ReadAllText(_desk[$"due.{i}"])));
        _desk.Varve.Run("plan").Expect(2);
        _desk.Varve.Run("plan", "--live", _source, "--volumes", "8").Expect(2);
        _desk.Varve.Run("plan", "--live", _source, "--map", "2:/a=/b").Expect(2);
        _desk.Varve.Run("plan", "--live", _source, "--json").Expect(2);
    }

    private VarveResult Plan(params string[] arguments) => _desk.Varve.Succeed(["plan", "--live", _source, .. arguments]);

    private void Shell(string command) => Programs.Run("bash", "-c", $"cd '{_desk[""]}'; set -e; {command}");
}
