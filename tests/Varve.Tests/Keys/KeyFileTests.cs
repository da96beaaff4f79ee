using System.Text;
using Varve.Keys;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Platform;

namespace Varve.Tests.Keys;

public sealed class KeyFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("varve-keyfile").FullName;

    private string PathOf(string name) => Path.Combine(_directory, name);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static VarveException Fails(ErrorKind kind, Action action)
    {
        var e = Assert.Throws<VarveException>(action);
        Assert.Equal(kind, e.Kind);
        return e;
    }

    private static string KeyOf(KeyFile keyFile) =>
        keyFile.Format().Split('\n').Single(l => l.StartsWith("varve-key-1 ", StringComparison.Ordinal));

    [Fact]
    public void The_text_is_comments_and_one_line()
    {
        string[] lines = KeyFile.Create().Format().Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^2], l => Assert.StartsWith("#", l, StringComparison.Ordinal));
        Assert.Contains(lines[..^2], l => l.Contains("keep", StringComparison.Ordinal));
        Assert.Equal(32, Convert.FromBase64String(lines[^2]["varve-key-1 ".Length..]).Length);
        Assert.NotEqual(KeyOf(KeyFile.Create()), KeyOf(KeyFile.Create()));
    }

    [Fact]
    public void A_key_file_comes_back_from_its_text_however_it_was_edited()
    {
        using KeyFile keyFile = KeyFile.Create();
        string line = KeyOf(keyFile);
        foreach (string text in (string[])[keyFile.Format(), line, $"#\r\n{line}\r\n", $"\n\n  {line}  \n# end",
            keyFile.Format().ReplaceLineEndings("\r\n"), $"\t {line}\t\r\n", $"# \u2603\0\r#\n{line}"])
        {
            Assert.Equal(line, KeyOf(KeyFile.Parse(text)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("varve-key-1")]
    [InlineData("varve-key-1 ")]
    [InlineData("varve-key-1 AAAA")]
    [InlineData("varve-key-1 !!!!")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=x")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("password")]
    [InlineData("varve-key-x AAAA")]
    [InlineData("varve-key- AAAA")]
    [InlineData("varve-key-2 AAAA\nvarve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    // Read more loosely than docs/format.md has it, each of these was a key file once.
    [InlineData("#x\rvarve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r# a comment\n")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\u2028# a comment\n")]
    [InlineData("varve-key-1  AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("varve-key-1\tAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\u00A0")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\v")]
    [InlineData("\uFEFFvarve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nvarve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_key_file_is_refused_with_the_reason(string text)
    {
        VarveException e = Fails(ErrorKind.WrongKey, () => KeyFile.Parse(text, "k"));
        Assert.StartsWith("the key file k is not a key file: it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_with_a_comment_that_is_not_utf_8_is_none()
    {
        using KeyFile keyFile = KeyFile.Create();
        File.WriteAllBytes(PathOf("k"), [(byte)'#', 0xFF, (byte)'\n', .. System.Text.Encoding.ASCII.GetBytes(keyFile.Format())]);
        Assert.Contains("UTF-8", Fails(ErrorKind.WrongKey, () => KeyFile.Load(PathOf("k"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_key_file_is_unsupported()
    {
        Fails(ErrorKind.Unsupported, () => KeyFile.Parse("varve-key-2 anything"));
    }

    [Fact]
    public void A_saved_key_file_is_the_owners_alone_and_loads()
    {
        using KeyFile keyFile = KeyFile.Create();
        keyFile.Save(PathOf("k"));
#pragma warning disable CA1416 // Varve runs on Linux only.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("k")));
#pragma warning restore CA1416
        Assert.Equal(KeyOf(keyFile), KeyOf(KeyFile.Load(PathOf("k"))));
    }

    [Fact]
    public void Saving_never_overwrites()
    {
        File.WriteAllText(PathOf("k"), "precious");
        File.CreateSymbolicLink(PathOf("dangling"), PathOf("nowhere"));
        using KeyFile keyFile = KeyFile.Create();
        Fails(ErrorKind.Usage, () => keyFile.Save(PathOf("k")));
        Fails(ErrorKind.Usage, () => keyFile.Save(PathOf("dangling")));
        Assert.Equal("precious", File.ReadAllText(PathOf("k")));
        Assert.False(File.Exists(PathOf("nowhere")));
    }

    [Fact]
    public void Paths_that_cannot_be_used_are_named()
    {
        using KeyFile keyFile = KeyFile.Create();
        Assert.Contains(PathOf("no/k"), Fails(ErrorKind.Storage, () => keyFile.Save(PathOf("no/k"))).Message, StringComparison.Ordinal);
        Assert.Contains(PathOf("k"), Fails(ErrorKind.WrongKey, () => KeyFile.Load(PathOf("k"))).Message, StringComparison.Ordinal);
        Fails(ErrorKind.WrongKey, () => KeyFile.Load(PathOf("no/k")));
        Fails(ErrorKind.Storage, () => KeyFile.Load(_directory));
    }

    [Fact]
    public void It_and_the_directories_that_were_made_for_it_are_durable_before_anything_of_the_repository_that_needs_it()
    {
        var steps = new List<string>();
        string key = PathOf("a/b/k");
        using (new SystemCallWatch((call, _, name) =>
        {
            bool counts = call is SystemCall.Create or SystemCall.Sync or SystemCall.MakeDirectory;
            if (counts) { steps.Add($"{call} {Encoding.UTF8.GetString(name)}"); }
            return 0;
        }))
        {
            using Repository made = Repository.Init(new RepositoryLocation(PathOf("repository")), new Credentials { KeyFilePath = key },
                "x", new RepositoryOptions { CacheRoot = PathOf("cache") });
        }

        int saved = steps.IndexOf($"Create {key}");
        // Of an object before it has its name: 32 digits, in the directory for such.
        int stored = steps.FindIndex(static s => s.Length == "Create ".Length + 32 && s.StartsWith("Create ", StringComparison.Ordinal)
            && s["Create ".Length..].All(char.IsAsciiHexDigitLower));
        Assert.InRange(saved, 0, stored);
        Assert.Equal([$"MakeDirectory {PathOf("a")}", "Sync ", $"MakeDirectory {PathOf("a/b")}", "Sync "], steps[(saved - 4)..saved]);
        Assert.Equal(["Sync ", "Sync "], steps[(saved + 1)..(saved + 3)]);
    }

    [Fact]
    public void A_huge_file_is_not_read_whole()
    {
        using (FileStream stream = File.Create(PathOf("huge"))) { stream.SetLength(10L << 30); }

        Fails(ErrorKind.WrongKey, () => KeyFile.Load(PathOf("huge")));
    }

    [Theory]
    [InlineData("Create")]
    [InlineData("Write")]
    [InlineData("Sync")]
    public void A_call_that_fails_while_a_key_file_is_written_is_a_clear_error_and_leaves_nothing(string call)
    {
        using KeyFile keyFile = KeyFile.Create();
        using (new SystemCallWatch((c, _, _) => c.ToString() == call ? Errno.EIO : 0))
        {
            Assert.Contains("input/output error", Fails(ErrorKind.Storage, () => keyFile.Save(PathOf("k"))).Message,
                StringComparison.Ordinal);
        }

        Assert.False(File.Exists(PathOf("k")));
    }
}
