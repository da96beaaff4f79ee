using System.Text;
using Varve.Archives.Digest;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Digest;

/// <summary>Digests of trees; a program in Python that was written from docs/digest.md alone is the judge.</summary>
public sealed class DigestTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    public void The_awkward_tree_has_the_digest_that_the_document_gives_it(bool content, int threads)
    {
        string zoo = At("zoo");
        Zoo.Create(zoo);
        TreeDigest digest = Run(zoo, content, threads);
        Assert.Equal(0, digest.FailureCount);
        Assert.Equal(Judge(zoo, content), $"{digest.Digest} {Hex(zoo)}");
        IEnumerable<string> list = digest.Directories.Select(static d => $"{d.Digest} {Convert.ToHexStringLower(d.Path)}");
        Assert.Equal(Judge(zoo, content, list: true), string.Join('\n', list));
    }

    [Fact]
    public void A_file_of_several_pieces_is_hashed_by_pieces()
    {
        Directory.CreateDirectory(At("tree"));
        byte[] bytes = new byte[(2 * DigestFormat.PieceLength) + 12_345];
        new Random(5).NextBytes(bytes);
        File.WriteAllBytes(At("tree/large"), bytes);
        File.WriteAllBytes(At("tree/piece"), bytes[..DigestFormat.PieceLength]);
        string expected = Judge(At("tree"), content: true);
        foreach (int threads in (int[])[1, 2, 5]) { Assert.Equal(expected, $"{Run(At("tree"), true, threads).Digest} {Hex(At("tree"))}"); }
        Assert.Equal(Judge(At("tree/large"), content: true), $"{Run(At("tree/large"), true).Digest} {Hex(At("tree/large"))}");
        Assert.Equal(Judge(At("tree/large"), content: false), $"{Run(At("tree/large"), false).Digest} {Hex(At("tree/large"))}");
    }

    [Fact]
    public void A_copy_has_the_same_digest_and_each_change_another()
    {
        string tree = At("tree"), copy = At("copy");
        Directory.CreateDirectory(tree + "/below");
        File.WriteAllText(tree + "/below/a", "one");
        File.WriteAllText(tree + "/below/b", "two");
        File.CreateSymbolicLink(tree + "/link", "below/a");
        // .NET keeps no parts of 100 ns.
        File.SetLastWriteTimeUtc(tree + "/below/a", new DateTime(2026, 5, 6, 7, 8, 9, DateTimeKind.Utc));
        Directory.SetLastWriteTimeUtc(tree + "/below", new DateTime(2026, 5, 6, 7, 8, 10, DateTimeKind.Utc));
        Programs.Run("cp", "-a", tree, copy);
        string before = Run(tree).Digest!;
        Assert.Equal(before, Run(copy).Digest);
        Assert.Equal(Run(tree, content: true).Digest, Run(copy, content: true).Digest);

        DateTime time = File.GetLastWriteTimeUtc(copy + "/below/a");
        File.WriteAllText(copy + "/below/a", "eno");
        File.SetLastWriteTimeUtc(copy + "/below/a", time);
        Assert.Equal(before, Run(copy).Digest);
        Assert.NotEqual(Run(tree, content: true).Digest, Run(copy, content: true).Digest);

        var seen = new HashSet<string> { before };
        void Differs() => Assert.True(seen.Add(Run(copy).Digest!));
        File.SetUnixFileMode(copy + "/below/b", UnixFileMode.UserRead);
        Differs();
        File.SetLastWriteTimeUtc(copy + "/below/a", time.AddTicks(1));
        Differs();
        DateTime below = Directory.GetLastWriteTimeUtc(copy + "/below");
        File.Move(copy + "/below/a", copy + "/below/c");
        Directory.SetLastWriteTimeUtc(copy + "/below", below);
        Differs();
        File.AppendAllText(copy + "/below/c", "more");
        File.SetLastWriteTimeUtc(copy + "/below/c", time.AddTicks(1));
        Differs();
        File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Differs();
    }

    [Fact]
    public void What_rules_leave_out_is_not_in_the_digest()
    {
        Directory.CreateDirectory(At("tree/cache"));
        File.WriteAllText(At("tree/a"), "one");
        var time = new DateTime(2026, 5, 6, 7, 8, 9, DateTimeKind.Utc);
        Directory.SetLastWriteTimeUtc(At("tree"), time);
        string before = Run(At("tree")).Digest!;
        File.WriteAllText(At("tree/b.o"), "object");
        Directory.SetLastWriteTimeUtc(At("tree"), time);
        Assert.NotEqual(before, Run(At("tree")).Digest);
        Assert.Equal(before, Run(At("tree"), rules: "*.o").Digest);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void What_cannot_be_read_has_no_digest_and_nothing_above_it_has_one()
    {
        Directory.CreateDirectory(At("tree/fine"));
        File.WriteAllText(At("tree/fine/a"), "one");
        Directory.CreateDirectory(At("tree/ill"));
        int most = Varve.Walk.WalkOptions.MostLevels;
        Zoo.CreateDeep(At("tree/ill/deep"), most + 2);
        TreeDigest digest = Run(At("tree"), lists: true);
        Assert.Null(digest.Digest);
        Assert.True(digest.FailureCount > 0);
        Assert.All(digest.Failures, f => Assert.StartsWith(At("tree/ill/deep"), Encoding.UTF8.GetString(f.Path), StringComparison.Ordinal));
        Assert.NotNull(digest.Directories.Single(d => d.Path.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(At("tree/fine")))).Digest);
        Assert.Null(digest.Directories.Single(d => d.Path.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(At("tree/ill")))).Digest);
    }

    [Fact]
    public void Names_of_any_bytes_are_read_back_from_a_list()
    {
        Directory.CreateDirectory(At("tree"));
        byte[] name = [.. ZooPosix.Path(At("tree")), (byte)'/', (byte)'\n', 0xFF, (byte)'\\', (byte)'x', (byte)' ', (byte)' ', 0x7F];
        ZooPosix.MakeDirectory(name);
        string text = Varve.Model.PathText.Of(name);
        Assert.Equal(name, Varve.Model.PathText.TryParse(text));
        Assert.DoesNotContain('\n', text);
        foreach (string wrong in (string[])["a\\", "\\x4", "\\xGG", "\\q"]) { Assert.Null(Varve.Model.PathText.TryParse(wrong)); }
    }

    private static TreeDigest Run(string path, bool content = false, int threads = 2, bool lists = true, params string[] rules) =>
        Digester.Run(Encoding.UTF8.GetBytes(path), new DigestOptions
        {
            Mode = content ? DigestMode.Content : DigestMode.Metadata, Threads = threads, Lists = lists,
            Rules = [.. rules.Select(static r => new ExcludeRule(r, RuleOrigin.Option))],
        }, TestContext.Current.CancellationToken);

    private static string Judge(string path, bool content, bool list = false) => Programs.Run("python3",
        [Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/Archives/digest.py"), .. content ? ["--content"] : Array.Empty<string>(),
            .. list ? ["--list"] : Array.Empty<string>(), path]).TrimEnd();

    private static string Hex(string path) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(path));

    private string At(string name) => Path.Combine(_d.Path, name);
}
