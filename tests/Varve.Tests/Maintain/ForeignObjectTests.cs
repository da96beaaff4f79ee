using Varve.Maintain.Check;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Maintain;

/// <summary>What lies where objects lie and is none, or is not called as what lies there (docs/format.md, 1, 2 and 10).</summary>
public sealed class ForeignObjectTests : IDisposable
{
    private const string Digits = "0123456789abcdef0123456789abcdef";
    private const string Good = """
        {"session":1,"kind":"prune","life":60,"refresh":3,"host":"h","pid":7,"started":"2026-11-22T10:00:00.5Z",
         "refreshed":"2026-11-22T11:30:00.5+01:00"}
        """;

    private readonly SmallRepository _small = SmallRepository.Create();

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData("{", Digits)]
    [InlineData("", Digits)]
    [InlineData("[]", Digits)]
    [InlineData(Good, "aaaa")]
    [InlineData(Good, Digits + "0")]
    [InlineData(Good, "g123456789abcdef0123456789abcdef")]
    [InlineData(Good, "below/" + Digits)]
    public void A_session_that_is_none_is_named_by_a_check(string text, string name)
    {
        Put("sessions/" + name, text);
        Assert.Equal("sessions/" + name, Assert.Single(_small.Check(false).Damages).Object);
    }

    [Theory]
    [InlineData("\"pid\":7", "\"pid\":-1")]
    [InlineData("\"pid\":7", "\"pid\":7.5")]
    [InlineData("\"host\":\"h\",", "")]
    [InlineData("2026-11-22T10:00:00.5Z", "yesterday")]
    [InlineData("2026-11-22T10:00:00.5Z", "2026-11-22")]
    [InlineData("2026-11-22T10:00:00.5Z", "2026-11-22t10:00:00z")]
    [InlineData("2026-11-22T10:00:00.5Z", "2026-11-22 10:00:00Z")]
    [InlineData("2026-11-22T10:00:00.5Z", "2026-11-22T10:00:00")]
    [InlineData("2026-11-22T10:00:00.5Z", "2026-11-22T10:00:00.Z")]
    [InlineData("2026-11-22T10:00:00.5Z", "2026-11-22T25:00:00Z")]
    [InlineData("\"session\":1", "\"session\":0")]
    public void So_is_one_with_a_member_that_makes_no_sense(string good, string bad)
    {
        Put("sessions/" + Digits, Good.Replace(good, bad, StringComparison.Ordinal));
        Assert.Equal("sessions/" + Digits, Assert.Single(_small.Check(false).Damages).Object);
    }

    [Theory]
    [InlineData(Good)]
    [InlineData("{\"session\":2,\"what\":\"a later version says\"}")]
    public void A_session_of_this_or_a_later_version_is_no_damage(string text)
    {
        Put("sessions/" + Digits, text);
        Assert.Empty(_small.Check(false).Damages);
    }

    [Fact]
    public void A_session_of_ours_is_a_session()
    {
        using Repository repository = _small.Open();
        using var session = new Session(repository.Store, TimeProvider.System, "a machine");
        Assert.Single(Directory.GetFiles(_small["repo/sessions"]));
        Assert.Empty(Engine.Check(repository).Damages);
    }

    [Theory]
    [InlineData("packs/ab/stray")]
    [InlineData("packs/cd/HASH")]
    [InlineData("packs/HASH")]
    [InlineData("packs/ab/cd/HASH")]
    [InlineData("index/below/HASH")]
    [InlineData("index/stray")]
    [InlineData("snapshots/below/HASH")]
    [InlineData("snapshots/0123456789abcdef/stray")]
    [InlineData("keys/below/HASH")]
    [InlineData("condemned/stray")]
    [InlineData("fences/stray")]
    [InlineData("final/stray")]
    public void What_lies_among_objects_under_a_name_of_another_sort_is_damage(string key)
    {
        key = key.Replace("HASH", "ab" + new string('0', 62), StringComparison.Ordinal);
        Put(key, "x");
        CheckResult check = _small.Check(true);
        Assert.Equal(key, Assert.Single(check.Damages).Object);
    }

    [Fact]
    public void A_pack_in_the_directory_of_another_is_missing_from_its_own()
    {
        File.WriteAllText(_small["source/file"], "content");
        _small.Backup();
        string path = Directory.GetFiles(_small["repo/packs"], "*", SearchOption.AllDirectories)[0], name = Path.GetFileName(path);
        string folder = name.StartsWith("00", StringComparison.Ordinal) ? "11" : "00";
        Directory.CreateDirectory(_small["repo/packs/" + folder]);
        File.Move(path, _small[$"repo/packs/{folder}/{name}"]);
        IEnumerable<string> damaged = _small.Check(false).Damages.Select(static d => d.Object);
        Assert.Contains($"packs/{folder}/{name}", damaged);
        Assert.Contains($"packs/{name[..2]}/{name}", damaged);
    }

    [Theory]
    [InlineData("stray")]
    [InlineData("other/stray")]
    [InlineData("sessions/AAAA")]
    [InlineData("packs/.directory")]
    [InlineData("keys/lost+found")]
    public void What_no_object_can_be_called_is_no_object(string name)
    {
        Put(name, "x");
        Assert.Empty(_small.Check(false).Damages);
    }

    private void Put(string key, string text)
    {
        string path = _small["repo/" + key];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
