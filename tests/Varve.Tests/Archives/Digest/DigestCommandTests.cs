using Varve.Tests.App;
using Varve.Tests.Kit;

namespace Varve.Tests.Archives.Digest;

/// <summary><c>varve digest</c> as people use it.</summary>
public sealed class DigestCommandTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly FakeWorld _world = new();

    public DigestCommandTests()
    {
        Directory.CreateDirectory(At("tree/below/deep"));
        File.WriteAllText(At("tree/below/a"), "one");
        File.WriteAllText(At("tree/below/b.o"), "two");
        Directory.CreateDirectory(At("other"));
    }

    public void Dispose() => _d.Dispose();

    [Fact]
    public void A_list_is_checked_like_sums_of_files()
    {
        string list = _world.Expect(0, "digest", "--list", At("tree"), At("other"));
        string[] paths = [At("tree"), At("tree/below"), At("tree/below/deep"), At("other")];
        Assert.Equal(paths, list.TrimEnd().Split('\n').Select(static l => l.Split("  ")[1]));
        list += _world.Expect(0, "digest", "--content", At("tree/below/a"));
        File.WriteAllText(At("list"), list);
        string ok = $"{At("tree")}: OK\n{At("tree/below")}: OK\n{At("tree/below/deep")}: OK\n{At("other")}: OK\n{At("tree/below/a")}: OK\n";
        Assert.Equal(ok, _world.Expect(0, "digest", "--check", At("list")));

        File.WriteAllText(At("tree/below/deep/new"), "three");
        string failed = _world.Expect(1, "digest", "--check", At("list"));
        Assert.Equal([.. paths[..3].Select(static p => p + ": FAILED"), At("other") + ": OK", At("tree/below/a") + ": OK"],
            failed.TrimEnd().Split('\n'));
        Assert.Contains("3 of 5 digests did not match", _world.Error, StringComparison.Ordinal);

        Directory.Delete(At("other"));
        File.Delete(At("tree/below/deep/new"));
        Assert.Contains("other: FAILED open or read\n", _world.Expect(1, "digest", "--check", At("list")), StringComparison.Ordinal);
        File.WriteAllText(At("list"), _world.Expect(0, "digest", At("tree")) + list.Split('\n')[3] + "\n");
        Assert.EndsWith("other: FAILED open or read\n", _world.Expect(3, "digest", "--check", At("list")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_digest_is_named_with_its_line()
    {
        foreach (string line in (string[])["m1-00  /x", "sha  /x", new string('0', 64) + "  /x", "m1-" + new string('0', 64), "x"])
        {
            File.WriteAllText(At("list"), $"m1-{new string('0', 64)}  /nowhere\n\n{line}\n");
            _world.Expect(2, "digest", "--check", At("list"));
            Assert.Contains("list:3: it is no digest and path", _world.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rules_hold_as_in_a_backup()
    {
        string all = _world.Expect(0, "digest", At("tree")), some = _world.Expect(0, "digest", "--exclude", "*.o", At("tree"));
        Assert.NotEqual(all, some);
        Assert.Equal(all, _world.Expect(0, "digest", "--exclude", "*.o", "--include", "b.o", At("tree")));
        Assert.Equal(some, _world.Expect(0, "digest", "--exclude", At("tree/below/b.o"), At("tree")));
        File.WriteAllText(At("rules"), "*.o\n");
        Assert.Equal(some, _world.Expect(0, "digest", "--exclude-from", At("rules"), At("tree")));
    }

    [Fact]
    public void What_makes_no_sense_is_said()
    {
        _world.Expect(2, "digest");
        _world.Expect(2, "digest", "--check", At("list"), At("tree"));
        _world.Expect(1, "digest", At("nothing"));
        Assert.Equal("", _world.Output);
        Assert.Contains(At("other"), _world.Expect(3, "digest", At("nothing"), At("other")), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_d.Path, name);
}
