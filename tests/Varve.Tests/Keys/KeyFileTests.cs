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
            keyFile.Format().ReplaceLineEndings("\r\n")])
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
    [InlineData("varve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nvarve-key-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_key_file_is_refused_with_the_reason(string text)
    {
        VarveException e = Fails(ErrorKind.WrongKey, () => KeyFile.Parse(text, "k"));
        Assert.StartsWith("the key file k is not a key file: it", e.Message, StringComparison.Ordinal);
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
        Assert.Contains(PathOf("k"), Fails(ErrorKind.NotFound, () => KeyFile.Load(PathOf("k"))).Message, StringComparison.Ordinal);
        Fails(ErrorKind.NotFound, () => KeyFile.Load(PathOf("no/k")));
        Fails(ErrorKind.Storage, () => KeyFile.Load(_directory));
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
            Assert.Contains("Input/output error", Fails(ErrorKind.Storage, () => keyFile.Save(PathOf("k"))).Message,
                StringComparison.Ordinal);
        }

        Assert.False(File.Exists(PathOf("k")));
    }
}
