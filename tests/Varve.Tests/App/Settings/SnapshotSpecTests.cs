using System.Text;
using Varve.App.Settings.Values;
using Varve.History.Sources;
using Varve.Model;
using Varve.Vault.Snapshots;

namespace Varve.Tests.App.Settings;

public sealed class SnapshotSpecTests
{
    // A Wednesday.
    private static readonly Moments s_moments = new(new DateTimeOffset(2026, 11, 25, 12, 30, 0, TimeSpan.Zero), TimeZoneInfo.Utc);

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
        SnapshotSpec spec = SnapshotSpec.Parse(argument, s_moments);
        Assert.Equal(snapshot, spec.Snapshot);
        Assert.Equal(path, spec.Path is null ? null : Encoding.UTF8.GetString(spec.Path));
    }

    [Theory]
    [InlineData("latest~2", "latest", 2, null)]
    [InlineData("latest~", "latest", 1, null)]
    [InlineData("~3:/a~1", "latest", 3, "/a~1")]
    [InlineData("3fa2~1:b", "3fa2", 1, "b")]
    [InlineData("3fa2~x", "3fa2~x", 0, null)]
    public void A_tilde_and_a_number_go_back(string argument, string snapshot, int back, string? path)
    {
        SnapshotSpec spec = SnapshotSpec.Parse(argument, s_moments);
        Assert.Equal((snapshot, back, path), (spec.Snapshot, spec.Back, spec.Path is null ? null : Encoding.UTF8.GetString(spec.Path)));
    }

    [Theory]
    [InlineData("@2026-11-01", "2026-11-01T23:59:59.999999999Z", 0, null)]
    [InlineData("@2026-11-01 14:00", "2026-11-01T14:00:59.999999999Z", 0, null)]
    [InlineData("@2026-11-01 14:00:05:/home/me", "2026-11-01T14:00:05.999999999Z", 0, "/home/me")]
    [InlineData("@yesterday~2:/a:b", "2026-11-24T23:59:59.999999999Z", 2, "/a:b")]
    [InlineData("@yesterday:docs/a", "2026-11-24T23:59:59.999999999Z", 0, "docs/a")]
    [InlineData("@2026-11-01 14:00:docs", "2026-11-01T14:00:59.999999999Z", 0, "docs")]
    [InlineData("@3 weeks ago:/x", "2026-11-04T12:30:00.000000000Z", 0, "/x")]
    public void After_an_at_sign_there_is_a_time_and_the_path_begins_at_colon_and_slash(string argument, string time, int back, string? path)
    {
        SnapshotSpec spec = SnapshotSpec.Parse(argument, s_moments);
        Assert.Equal((SnapshotQuery.Latest, time, back, path),
            (spec.Snapshot, spec.NotAfter.ToString(), spec.Back, spec.Path is null ? null : Encoding.UTF8.GetString(spec.Path)));
    }

    [Theory]
    [InlineData("@")]
    [InlineData("@noon")]
    [InlineData("@2026-02-30")]
    [InlineData("@2026-11-01 25:00:/a")]
    public void What_is_no_time_is_a_usage_error_that_says_what_can_be_typed(string argument)
    {
        VarveException error = Assert.Throws<VarveException>(() => SnapshotSpec.Parse(argument, s_moments));
        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains("3 weeks ago", error.Message, StringComparison.Ordinal);
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
        Assert.Equal([0x61, 0xFE], SnapshotSpec.Parse(argument, s_moments).Path!);
    }
}
