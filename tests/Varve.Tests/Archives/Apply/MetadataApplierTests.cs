using System.Text;
using Varve.Archives.Lists;
using Varve.Model;
using Varve.Platform;
using Varve.Archives.Apply;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Apply;

/// <summary>Metadata of a list are put onto files that came without them. find makes the list, and is the judge.</summary>
[Trait("Needs", "root")]
public sealed class MetadataApplierTests : IDisposable
{
    private const string Format = "%T@ %s %i %m %y %g %u %D %P\\0";
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void A_copy_without_metadata_gets_those_of_the_original()
    {
        Tree("from");
        Programs.Run("cp", "-r", "--no-preserve=all", At("from"), At("to"));
        Programs.Run("find", At("to"), "-exec", "touch", "-h", "-d", "2001-01-01", "{}", "+");
        AppliedList result = Apply(List("from", "find", Format), "find0", "to");
        Assert.Equal((0, 8), ((int)result.FailureCount, (int)result.Applied));
        Assert.Equal(Facts("from"), Facts("to"));
    }

    [Fact]
    public void The_list_of_stat_gives_whole_seconds_and_leaves_a_finer_time_of_the_same_second()
    {
        Tree("from");
        Programs.Run("cp", "-a", At("from"), At("to"));
        ZooPosix.SetTime(ZooPosix.Path(At("to/a/x")), 5, 0);
        string stat = $"cd '{At("from")}'; find . -exec stat --printf '%Y %s %i %f %g %u %d %n\\0' {{}} +";
        Programs.Run("bash", "-c", $"({stat}) > '{At("list")}'");
        Assert.Equal(0, Apply(File.ReadAllBytes(At("list")), "stat0", "to").FailureCount);
        string[] from = Facts("from"), to = Facts("to");
        Assert.Equal([Array.Find(to, static f => f.EndsWith(" a/x", StringComparison.Ordinal))!], to.Except(from));
        Assert.StartsWith("1234567890.0", Array.Find(to, static f => f.EndsWith(" a/x", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void No_link_is_followed_and_nothing_outside_is_touched()
    {
        Directory.CreateDirectory(At("outside"));
        File.WriteAllText(At("outside/file"), "");
        Directory.CreateDirectory(At("to"));
        File.CreateSymbolicLink(At("to/link"), At("outside"));
        File.CreateSymbolicLink(At("to/leaf"), At("outside/file"));
        string[] before = Facts("outside");
        string list = "1.0 0 ? 777 ? 7 7 ? link/file\n1.0 0 ? 777 ? 7 7 ? ../outside/file\n1.0 0 ? 777 ? 7 7 ? a/../../outside/file\n"
            + "1.0 0 ? 777 l 7 7 ? leaf\n";
        AppliedList result = Apply(Encoding.UTF8.GetBytes(list), "find", "to");
        Assert.Equal(before, Facts("outside"));
        Assert.Equal((3L, 1L), (result.FailureCount, result.Applied));
        Assert.Equal(0, Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(At("to/leaf")), out EntryStat leaf));
        Assert.Equal((7U, 7U, 1L), (leaf.Uid, leaf.Gid, leaf.Mtime.Seconds)); // the link itself
    }

    [Fact]
    public void What_fails_is_named_and_the_rest_is_done()
    {
        Directory.CreateDirectory(At("to"));
        foreach (string name in (string[])["a", "b", "c"]) { File.WriteAllText(At("to/" + name), ""); }
        string list = "1.0 0 ? 600 f ? ? ? /srv/a\n1.0 0 ? 600 f ? nobody-has-this-name ? /srv/b\n1.0 0 ? 600 d ? ? ? /srv/c\n"
            + "1.0 0 ? 600 f ? ? ? /srv/none\n1.0 0 ? 600 f ? ? ? /other/a\n";
        AppliedList result = Apply(Encoding.UTF8.GetBytes(list), "find", "to", "/srv/");
        Assert.Equal(1, result.Applied);
        Assert.Equal(["/other/a", "b", "c", "none"], result.Failures.Select(static f => Encoding.UTF8.GetString(f.Path)));
        Assert.Equal(["a", "b"], Facts("to").Where(static f => f.StartsWith("1.0000000000 600 f ", StringComparison.Ordinal))
            .Select(static f => f.Split(' ')[^1]));
        Assert.Contains("nobody-has-this-name", result.Failures[1].Message, StringComparison.Ordinal);
        Assert.Contains("another kind", result.Failures[2].Message, StringComparison.Ordinal);
    }

    private void Tree(string name)
    {
        Directory.CreateDirectory(At(name + "/a/below"));
        File.WriteAllText(At(name + "/a/x"), "x");
        File.WriteAllText(At(name + "/a/below/y"), "y");
        File.WriteAllText(At(name + "/new\nline"), "z");
        File.CreateSymbolicLink(At(name + "/link"), "a/x");
        Programs.Run("mkfifo", At(name + "/fifo"));
        ZooPosix.Chown(ZooPosix.Path(At(name + "/a/x")), 1234, 5678);
        Programs.Run("chown", "-h", "nobody", At(name + "/link"));
        Programs.Run("chmod", "6755", At(name + "/a/x"));
        Programs.Run("chmod", "0400", At(name + "/a/below/y"));
        Programs.Run("chmod", "0077", At(name + "/a/below"));
        ZooPosix.SetTime(ZooPosix.Path(At(name + "/a/x")), 1_234_567_890, 123_456_789);
        ZooPosix.SetTime(ZooPosix.Path(At(name + "/a/below")), -1, 500_000_000);
    }

    private byte[] List(string name, string program, string format)
    {
        Programs.Run("bash", "-c", $"{program} '{At(name)}' -printf '{format}' | sed -z 's/ $/ ./' > '{At("list")}'");
        return File.ReadAllBytes(At("list"));
    }

    private string[] Facts(string name)
    {
        Programs.Run("bash", "-c", $"find '{At(name)}' -printf '%T@ %m %y %g %u %P\\0' > '{At("facts")}'");
        return [.. File.ReadAllText(At("facts")).Split('\0').Order(StringComparer.Ordinal)];
    }

    private AppliedList Apply(byte[] list, string format, string target, string strip = "")
    {
        using var applier = new MetadataApplier(Encoding.UTF8.GetBytes(At(target)), Encoding.UTF8.GetBytes(strip));
        return applier.Run(new ListReader(new MemoryStream(list), ListFormat.Find(format), "list"), CancellationToken.None);
    }

    private string At(string name) => Path.Combine(_d.Path, name);
}
