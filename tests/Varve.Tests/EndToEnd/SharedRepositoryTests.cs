using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// A repository that root and its owner use in turn stays usable by both, or the first step that would end that is refused.
/// </summary>
[Trait("Needs", "root")]
public sealed class SharedRepositoryTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly VarveProcess _nobody;
    private readonly string _source, _place;
    private readonly string[] _at;

    public SharedRepositoryTests()
    {
        _nobody = _desk.AsNobody();
        _source = _desk["nobody/source"];
        _place = _desk["nobody/repository"];
        _at = ["-r", _place, "--key-file", _desk["nobody/key"]];
        Directory.CreateDirectory(_source);
        File.WriteAllText(_source + "/file", "first");
        _nobody.Succeed(["init", .. _at]);
        _nobody.Succeed(["backup", .. _at, _source]);
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void What_root_adds_to_a_users_repository_belongs_to_the_user()
    {
        for (int i = 0; i < 2; i++)
        {
            File.WriteAllText(_source + "/file", $"second {i}");
            _desk.Varve.Succeed(["backup", .. _at, _source]);
            Assert.Equal("", Programs.Run("find", _place, "-not", "-uid", "65534"));
            Assert.Equal("", Programs.Run("find", _place, "-type", "f", "-not", "-perm", "400", "-not", "-name", "*.lock"));
            Assert.Equal("", Programs.Run("find", _place, "-type", "d", "-not", "-perm", "700"));
            _nobody.Succeed(["backup", .. _at, _source]);
            _nobody.Succeed(["check", "--read-data", .. _at]);
            _nobody.Succeed(["restore", .. _at, "--target", _desk[$"nobody/out{i}"]]);
        }

        Assert.Equal(5, _nobody.Succeed(["snapshots", "--json", .. _at]).Json.Count);
    }

    [Fact]
    public void What_an_older_run_of_root_left_in_a_users_repository_is_named_and_the_rest_is_there()
    {
        string[] before = Files();
        string first = _nobody.Succeed(["snapshots", "--json", .. _at]).Object.GetProperty("snapshot").GetString()!;
        File.WriteAllText(_source + "/file", "second");
        _nobody.Succeed(["backup", .. _at, _source]);
        string[] added = [.. Files().Except(before)];
        Assert.InRange(added.Length, 3, 10);
        foreach (string file in added) { Programs.Run("chown", "0:0", file); }
        Programs.Run("rm", "-rf", _desk["nobody/.cache"]);

        Assert.Contains(first[..8], _nobody.Run(["snapshots", .. _at]).Expect(3).Text, StringComparison.Ordinal);
        _nobody.Succeed(["restore", .. _at, first, "--target", _desk["nobody/out"]]);
        Assert.Equal("first", File.ReadAllText(_desk["nobody/out/file"]));
        string check = _nobody.Run(["check", "--read-data", .. _at]).Expect(1).Text;
        foreach (string file in added) { Assert.Contains(Path.GetFileName(file), check, StringComparison.Ordinal); }
        Assert.Contains("permission denied", check, StringComparison.Ordinal);
        Assert.Matches($"chown -R [^ ]+ {_place}\n", check);
    }

    [Fact]
    public void Who_would_write_what_the_owner_cannot_read_is_refused_before_the_first_object()
    {
        Programs.Run("chown", "-R", "0:0", _place);
        Programs.Run("chmod", "-R", "a+rwX", _place);
        string[] before = Files();
        VarveResult refused = _nobody.Run(["backup", .. _at, _source]).Expect(1);
        Assert.Contains("the repository belongs to user 0", refused.Error, StringComparison.Ordinal);
        Assert.Matches($"as root: chown -R [^ ]+ {_place}\n", refused.Error);
        Assert.Equal(before, Files());
    }

    private string[] Files() => [.. Directory.GetFiles(_place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
