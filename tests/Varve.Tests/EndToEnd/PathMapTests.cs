using System.Text.Json;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Paths that rules map, on the command line and in the configuration.</summary>
public sealed class PathMapTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_rule_of_the_command_line_comes_before_those_of_the_configuration()
    {
        Directory.CreateDirectory(_desk["tree/in"]);
        _desk.Write("tree/in/a", "a");
        _desk.Write("tree/in/b", "b");
        string tree = _desk["tree"];
        File.WriteAllText(_desk["config.yaml"], $"""
            sources:
              - name: mapped
                roots: ['{tree}']
                map: ['{tree}/in={tree}/configured', 're:^{tree}/never$={tree}/x']
            """);
        JsonElement first = _desk.Varve.Succeed("backup", "--json", "--config", _desk["config.yaml"]).Json[^1];
        Assert.Equal(2, first.GetProperty("files").GetInt64());
        Assert.Equal("a", _desk.Varve.Succeed("dump", $"latest:{tree}/configured/a").Text);
        _desk.Varve.Succeed("backup", "--config", _desk["config.yaml"], "--map", $"re:^{tree}/in/(a)$={tree}/given/$1.txt");
        Assert.Equal("a", _desk.Varve.Succeed("dump", $"latest:{tree}/given/a.txt").Text);
        Assert.Equal("b", _desk.Varve.Succeed("dump", $"latest:{tree}/configured/b").Text);
    }

    [Fact]
    public void A_rule_without_an_equals_sign_and_a_look_only_are_usage_errors()
    {
        Directory.CreateDirectory(_desk["tree"]);
        _desk.Write("tree/a", "a");
        VarveResult wrong = _desk.Varve.Run("backup", "--map", "/a", _desk["tree"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("has no = between", wrong.Error, StringComparison.Ordinal);
        VarveResult look = _desk.Varve.Run("backup", "--dry-run", "--map", "/a=/b", _desk["tree"]);
        Assert.Equal(2, look.ExitCode);
        Assert.Contains("does not go with mapping paths", look.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_desk["home/.local/share/varve"]), "a repository was made");
    }
}
