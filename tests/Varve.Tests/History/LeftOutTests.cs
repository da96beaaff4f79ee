using System.Text;
using Varve.History;
using Varve.History.Entries;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tree.Lists;

namespace Varve.Tests.History;

/// <summary>Whether a path is absent from a snapshot because it was left out, by all its lists together.</summary>
public sealed class LeftOutTests
{
    private readonly Dictionary<ChunkId, byte[]> _chunks = [];
    private IReadOnlyList<Failure> _failures = [];
    private IReadOnlyList<PendingFile> _pending = [];
    private IReadOnlyList<Mark> _marks = [];
    private IReadOnlyList<ExcludeRule> _rules = [];
    private SnapshotCounts _counts = new() { LeftOut = new LeftOutCounts() };
    private IReadOnlyList<RemovableRoot> _removable = [];

    [Fact]
    public void What_each_list_has_is_found_at_its_path_and_below()
    {
        _failures = [new("dir/locked"u8.ToArray(), FailedOperation.Open, 13, "Permission denied")];
        _pending = [new("dir/large"u8.ToArray(), 1, default)];
        _rules = [new("*.o", RuleOrigin.Option)];
        _marks = [new("dir/x.o"u8.ToArray(), LeftOutReason.Excluded, 1), new("mnt"u8.ToArray(), LeftOutReason.NotEntered)];
        _counts = new() { Failed = 1, PendingFiles = 1, LeftOut = new() { Excluded = 1, NotEntered = 1 } };
        Assert.Equal("Failed dir/locked", Ask("dir/locked"));
        Assert.Equal("Failed dir/locked", Ask("dir/locked/below"));
        Assert.Equal("Pending dir/large", Ask("dir/large"));
        Assert.Equal("Excluded dir/x.o", Ask("dir/x.o/y"));
        Assert.Equal("NotEntered mnt", Ask("mnt/some/thing"));
        Assert.Equal("no", Ask("dir/x.ox"));
        Assert.Equal("no", Ask("dir"));
        Assert.Equal("no", Ask("mnt2"));
        // It was not there, or there would be a mark.
        Assert.Equal("no", Ask("dir/other.o"));
    }

    [Fact]
    public void Beyond_a_list_that_is_cut_off_the_rules_tell_what_they_exclude_and_nothing_else_is_left()
    {
        _rules = [new("*.o", RuleOrigin.Option), new("/home/me/cache/", RuleOrigin.Configuration), new("tmp/", RuleOrigin.Option)];
        _marks = [new("a.o"u8.ToArray(), LeftOutReason.Excluded, 1), new("b"u8.ToArray(), LeftOutReason.NotEntered)];
        _counts = new() { LeftOut = new() { Excluded = 3, NotEntered = 1 } };
        Assert.Equal("no", Ask("a0.o"));
        Assert.Equal("Excluded z.o", Ask("z.o"));
        Assert.Equal("Excluded cache", Ask("cache/below"));
        Assert.Equal("Excluded z/tmp", Ask("z/tmp"));
        Assert.Equal("no", Ask("z/tmp", mayBeDirectory: false));
        Assert.Equal("no", Ask("z"));
    }

    [Theory]
    [InlineData("marks")]
    [InlineData("rules")]
    [InlineData("failures")]
    [InlineData("pending")]
    [InlineData("root")]
    [InlineData("old")]
    public void What_is_not_listed_wholly_leaves_nothing_certain(string what)
    {
        _rules = [new(what == "rules" ? "[" : "*.o", RuleOrigin.Option)];
        _marks = [new("a.o"u8.ToArray(), LeftOutReason.Excluded, 1)];
        if (what == "root") { _failures = [new([], FailedOperation.Changed, 0, "was renamed")]; }
        LeftOutCounts counts = new() { Excluded = 2, NotEntered = what == "marks" ? 1 : 0 };
        _counts = new()
        {
            Failed = what is "failures" or "root" ? 1 : 0, PendingFiles = what == "pending" ? 1 : 0, LeftOut = what == "old" ? null : counts,
        };
        Assert.Equal("perhaps", Ask("b"));
        Assert.Equal("Excluded a.o", Ask("a.o"));
    }

    [Fact]
    public void Below_a_root_that_was_not_there_nothing_is_certain()
    {
        _removable = [new("usb"u8.ToArray(), "3F1B-22AA", IsThere: false), new("disk"u8.ToArray(), "x", IsThere: true)];
        Assert.Equal("perhaps", Ask("usb/x"));
        Assert.Equal("no", Ask("disk/x"));
    }

    [Fact]
    public void A_directory_that_lacks_metadata_lacks_nothing_below()
    {
        _failures = [new("d"u8.ToArray(), FailedOperation.Metadata, 5, "Input/output error")];
        _counts = _counts with { Failed = 1 };
        Assert.Equal("no", Ask("d/x"));
        Assert.Equal("Failed d", Ask("d"));
    }

    private string Ask(string path, bool mayBeDirectory = true)
    {
        var writer = new ByteWriter();
        FailureList.Encode(writer, _failures);
        ChunkId failures = Store(writer, 1);
        PendingList.Encode(writer, _pending);
        ChunkId pending = Store(writer, 2);
        MarkList.Encode(writer, _rules, _marks);
        var snapshot = new Snapshot
        {
            Start = default, End = default, Counts = _counts, Program = "",
            Private = new SnapshotPrivate
            {
                Source = "", Host = "", User = "", RootPath = [], CanonicalRoot = "/home/me"u8.ToArray(), Removable = _removable,
                FailureList = failures, PendingList = pending, MarkList = Store(writer, 3),
            },
        };
        var leftOut = LeftOut.Of(id => _chunks[id], snapshot);
        LeftOutCause? cause = leftOut.Find(Encoding.ASCII.GetBytes(path), mayBeDirectory, out bool isCertain);
        return cause is not null ? $"{cause.Reason} {Encoding.ASCII.GetString(cause.Path)}" : isCertain ? "no" : "perhaps";
    }

    private ChunkId Store(ByteWriter writer, int n)
    {
        _chunks[Some.Id(n)] = writer.ToArray();
        return Some.Id(n);
    }
}
