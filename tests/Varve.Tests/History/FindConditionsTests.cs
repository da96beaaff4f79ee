using System.Text;
using System.Text.RegularExpressions;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.History;

/// <summary>Revisions that are found by what they are, and not by their names alone.</summary>
public sealed class FindConditionsTests : IDisposable
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    private readonly Rig _rig = new();

    public FindConditionsTests()
    {
        Write("small", "1", 2020);
        Write("dir/large", new string('x', 5000), 2024);
        File.CreateSymbolicLink(At("link"), "small");
        Make(-10);
        Write("small", "12", 2021);
        File.Delete(At("dir/large"));
        Make(-5);
        Write("dir/new", "123", 2022);
        Make(-1);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void By_size_kind_and_time_of_modification()
    {
        Assert.Equal(["dir/large"], Find(new() { Least = 1000 }));
        Assert.Equal(["dir/new", "link", "small", "small"], Find(new() { Least = 1, Most = 1000 }));
        Assert.Equal(["link"], Find(new() { Kinds = [EntryKind.Symlink] }));
        Assert.Equal(["small", "small"], Find(new() { Older = Year(2021), Kinds = [EntryKind.File] }));
        Assert.Equal(["dir/large", "dir/new"], Find(new() { Newer = Year(2021).Plus(1), Kinds = [EntryKind.File] }));
    }

    [Fact]
    public void By_an_expression_over_the_path()
    {
        Assert.Equal(["dir/large", "dir/new"], Find(new() { Path = new Regex("^dir/[ln]", RegexOptions.NonBacktracking) }));
        Assert.Equal(["small", "small"], Find(new() { Path = new Regex("mal+$", RegexOptions.NonBacktracking) }));
    }

    [Fact]
    public void By_the_snapshots_that_have_it()
    {
        Assert.Equal(["dir/large", "link", "small"], Find(new() { Until = Days(-6), Kinds = [EntryKind.File, EntryKind.Symlink] }));
        Assert.Equal(["dir/new", "link", "small"], Find(new() { Since = Days(-4), Kinds = [EntryKind.File, EntryKind.Symlink] }));
        Assert.Empty(Find(new() { Since = Days(0) }));
    }

    [Fact]
    public void What_is_deleted_is_named_once_as_it_was_last()
    {
        Assert.Equal(["dir/large"], Find(new() { IsDeleted = true }));
        File.Delete(At("small"));
        Make(0);
        Assert.Equal(["dir/large 5000", "small 2"], Find(new() { IsDeleted = true }, static f => $" {f.Size}"));
        Write("small", "back again", 2023);
        Make(1);
        Assert.Equal(["dir/large"], Find(new() { IsDeleted = true }));
    }

    [Fact]
    public void By_owner()
    {
        Assert.SkipUnless(ZooPosix.IsRoot, "needs root");
        ZooPosix.Chown(ZooPosix.Path(At("small")), 12345, 0);
        Make(0);
        Assert.Equal(["small"], Find(new() { Owner = 12345 }));
    }

    private static FileTime Year(int year) => FileTime.From(new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static FileTime Days(double days) => FileTime.From(s_now + TimeSpan.FromDays(days));

    private string At(string name) => Path.Combine(_rig.Source, name);

    private void Write(string name, string text, int year)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        File.SetLastWriteTimeUtc(At(name), new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private void Make(double days)
    {
        FileClock.Settle();
        _rig.Time = new LaterTime(TimeSpan.FromDays(days));
        try { Assert.Equal(0, _rig.Backup().FailureCount); }
        finally { _rig.Time = TimeProvider.System; }
    }

    private string[] Find(RevisionConditions conditions, Func<FoundRevision, string>? more = null)
    {
        var found = new List<string>();
        using Repository repository = _rig.Open();
        repository.FindRevisions("*", conditions, f => found.Add(Encoding.UTF8.GetString(f.Path) + more?.Invoke(f)), false, new SourceFilter(),
            TestContext.Current.CancellationToken);
        return [.. found.Order(StringComparer.Ordinal)];
    }
}
