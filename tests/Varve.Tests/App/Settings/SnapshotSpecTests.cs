using System.Text;
using Varve.App.Settings.Values;
using Varve.History.Sources;
using Varve.Model;

namespace Varve.Tests.App.Settings;

public sealed class SnapshotSpecTests
{
    [Theory]
    [InlineData(null, "latest", null)]
    [InlineData("", "latest", null)]
    [InlineData("latest", "latest", null)]
    [InlineData("3fa2:", "3fa2", null)]
    [InlineData(":/a", "latest", "/a")]
    [InlineData("/home/me/x", "latest", "/home/me/x")]
    [InlineData("/a:b/c", "latest", "/a:b/c")]
    [InlineData("3fa2:/a:b/c", "3fa2", "/a:b/c")]
    public void A_colon_divides_snapshot_and_path(string? argument, string snapshot, string? path)
    {
        SnapshotSpec spec = SnapshotSpec.Parse(argument);
        Assert.Equal(snapshot, spec.Snapshot);
        Assert.Equal(path, spec.Path is null ? null : Encoding.UTF8.GetString(spec.Path));
    }

    [Theory]
    [InlineData("/home/me/docs/a", "/home/me/docs", "a")]
    [InlineData("/home/me/docs", "/home/me/docs", "")]
    [InlineData("/home//me/./docs/a/b/", "/home/me/docs/", "a/b")]
    [InlineData("a/b", "/home/me/docs", "a/b")]
    [InlineData("./a", "/home/me/docs", "a")]
    [InlineData("/etc/passwd", "/", "etc/passwd")]
    [InlineData("/", "/", "")]
    public void A_path_is_made_relative_to_the_root(string path, string root, string relative) =>
        Assert.Equal(relative, Encoding.UTF8.GetString(PathInSource.Relative(Encoding.UTF8.GetBytes(path), Encoding.UTF8.GetBytes(root))));

    [Theory]
    [InlineData("/home/me/docs2", ErrorKind.NotFound)]
    [InlineData("/home/me", ErrorKind.NotFound)]
    [InlineData("/", ErrorKind.NotFound)]
    [InlineData("a/../b", ErrorKind.Usage)]
    public void A_path_outside_the_snapshot_is_refused(string path, ErrorKind kind) =>
        Assert.Equal(kind, Assert.Throws<VarveException>(() => PathInSource.Relative(Encoding.UTF8.GetBytes(path), "/home/me/docs"u8))
        .Kind);

    [Fact]
    public void A_name_that_is_not_utf8_survives()
    {
        string argument = "latest:" + RawArguments.FromBytes([0x61, 0xFE]);
        Assert.Equal([0x61, 0xFE], SnapshotSpec.Parse(argument).Path!);
    }
}
