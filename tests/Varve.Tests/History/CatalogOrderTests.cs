using Varve.Backup;
using Varve.Catalog;
using Varve.Format;
using Varve.History;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Tests.History;

/// <summary>
/// What a catalog has is in the order of generations, whatever clocks showed and listings came late; and it has the history it was asked
/// for.
/// </summary>
[Trait("Takes", "minutes")]
public sealed class CatalogOrderTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_backup_lists_reads_and_imports_its_own_history_alone()
    {
        Write("a", "1");
        ObjectName other = _rig.Backup().Name;
        string otherKey = Key(other);
        (_rig.HostName, _rig.Cache) = ("another", _rig["another-cache"]);
        var done = new List<string>();
        var store = new HookStore(_rig.Store) { Before = o => { lock (done) { done.Add(o); } } };
        ObjectName own = _rig.Backup(store: store).Name;
        Write("a", "2");
        _rig.Backup(store: store);
        string place = Key(own)[..^64];
        Assert.NotEqual(place, otherKey[..^64]);
        Assert.Equal(["list " + place], done.Where(static o => o.StartsWith("list snapshots", StringComparison.Ordinal)).Distinct());
        Assert.DoesNotContain(done, o => o.Contains(otherKey[..^64], StringComparison.Ordinal));
        Assert.Equal(["another"], Hosts());

        using (Repository repository = _rig.Open())
        {
            Assert.Equal("current", CatalogMaintenance.Status(repository).State);
            Finder.Run(repository, "a", false, new SourceFilter(), new RevisionConditions(), static _ => { }, CancellationToken.None);
        }

        Assert.Equal(2, Hosts().Count);
    }

    [Fact]
    public void Find_in_one_source_imports_that_alone()
    {
        Write("a", "1");
        foreach (string host in (string[])["one", "two", "three"])
        {
            _rig.HostName = host;
            _rig.Backup();
        }

        _rig.Cache = _rig["another-cache"];
        using Repository repository = _rig.Open();
        var found = new List<FoundRevision>();
        Finder.Run(repository, "a", false, new SourceFilter { Host = "two" }, new RevisionConditions(), found.Add, CancellationToken.None);
        Assert.Single(found);
        Assert.Equal(["two"], Hosts());
    }

    [Fact]
    public void A_run_with_a_clock_in_2150_and_one_a_year_back_change_no_order()
    {
        var names = new List<ObjectName>();
        var notes = new List<bool>();
        foreach (TimeSpan by in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromDays(365 * 124), TimeSpan.FromDays(-365), TimeSpan.Zero])
        {
            Write("changes", $"{names.Count}");
            Write("stays", "the same");
            FileClock.Settle();
            _rig.Time = new LaterTime(by);
            BackupResult result = _rig.Backup();
            names.Add(result.Name);
            notes.Add(result.Notes.Any(static n => n.Advice == Advice.CheckClock));
            Assert.Equal((names.Count, names.Count > 1 ? names[^2] : default), (result.Snapshot.Generation, result.Snapshot.Parent));
            RequireRebuiltIsSame();
        }

        Assert.Equal([false, false, true, false], notes);
        Assert.Equal(names, _rig.Snapshots().Select(static s => s.Name));
        using Repository repository = _rig.Open();
        Assert.Equal(names[^1], repository.ChooseSnapshot(new SnapshotQuery()).Snapshot.Name);
        Assert.Equal(names[^1], Assert.Single(repository.Sources()).Latest);
        Assert.Empty(_rig.Warnings);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Two_machines_of_one_identity_that_do_not_see_each_other_fork_a_history_and_both_have_it_in_one_order(int hours)
    {
        var late = new LateStore(_rig.Store);
        Write("a", "1");
        Write("kept", "the same");
        string here = _rig.Cache, there = _rig["there"];
        _rig.Backup();
        Write("a", "2");
        (_rig.Cache, _rig.Time) = (there, new LaterTime(TimeSpan.FromHours(hours)));
        BackupResult other = _rig.Backup();
        late.Hidden.Add(other.Name);
        (_rig.Cache, _rig.Time) = (here, TimeProvider.System);
        Write("a", "3");
        BackupResult own = _rig.Backup(store: late);
        Assert.Equal((2L, 2L), (other.Snapshot.Generation, own.Snapshot.Generation));
        Assert.Equal(other.Snapshot.Parent, own.Snapshot.Parent);
        RequireRebuiltIsSame();

        foreach (string cache in (string[])[here, there])
        {
            _rig.Cache = cache;
            Write("a", cache);
            BackupResult next = _rig.Backup();
            Assert.Equal(0, next.Snapshot.Counts.New);
            Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(CatalogPath())!, "*.damaged-*"));
            RequireRebuiltIsSame();
            IReadOnlyList<SnapshotInfo> all = _rig.Snapshots();
            Assert.Equal(next.Name, all[^1].Name);
            Assert.Equal(all[^2].Name, next.Snapshot.Parent);
        }

        Assert.Equal([1, 2, 2, 3, 4], _rig.Snapshots().Select(static s => s.Snapshot.Generation));
        Assert.Empty(_rig.Warnings);
    }

    [Fact]
    public void A_snapshot_that_listings_do_not_show_yet_and_that_is_there_is_not_taken_for_forgotten()
    {
        var late = new LateStore(_rig.Store);
        Write("a", "1");
        BackupResult first = _rig.Backup();
        late.Hidden.Add(first.Name);
        BackupResult second = _rig.Backup(store: late);
        Assert.Equal((first.Name, 2L), (second.Snapshot.Parent, second.Snapshot.Generation));
        Assert.True(second.NothingChanged);
        RequireRebuiltIsSame();
    }

    [Fact]
    public void A_snapshot_that_an_administrator_puts_back_comes_to_its_place()
    {
        var objects = new Dictionary<ObjectName, (string Key, byte[] Bytes)>();
        for (int i = 0; i < 5; i++)
        {
            Write("d/a", $"{i / 2}");
            Write($"d{i}/b", $"{i}");
            ObjectName name = _rig.Backup().Name;
            objects.Add(name, (Key(name), _rig.Store.Get(Key(name), Limits.MaxSnapshot)!));
        }

        foreach ((string key, byte[] bytes) in objects.Values)
        {
            _rig.Store.Delete(key);
            RequireRebuiltIsSame();
            _rig.Store.Put(key, bytes);
            RequireRebuiltIsSame();
        }

        Assert.Empty(_rig.Warnings);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(CatalogPath())!, "*.damaged-*"));
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_rig.Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private string Key(ObjectName name) =>
        _rig.Store.List(ObjectKeys.Snapshots).Single(o => o.Key.EndsWith(name.ToString(), StringComparison.Ordinal)).Key;

    private string CatalogPath()
    {
        using Repository repository = _rig.Open();
        return repository.CatalogPath;
    }

    private List<string> Hosts()
    {
        using Repository repository = _rig.Open();
        using CatalogReader reader = CatalogFile.Open(repository.CatalogPath, repository.Header.Id).OpenReader();
        return [.. reader.Sources().Select(static s => s.Host)];
    }

    /// <summary>The catalog, brought up to date, has the rows that one has which is built anew in another cache.</summary>
    private void RequireRebuiltIsSame()
    {
        List<string> here = Text(), anew;
        string cache = _rig.Cache;
        _rig.Cache = _rig["anew" + Guid.NewGuid().ToString("N")];
        anew = Text();
        _rig.Cache = cache;
        Assert.Equal(anew, here);
    }

    private List<string> Text()
    {
        using Repository repository = _rig.Open();
        CatalogAccess.Of(repository).OpenCurrent(null, CancellationToken.None);
        return CatalogText.Of(repository);
    }
}
