using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;
using Varve.Tree;
using Varve.Vault;

namespace Varve.Tests.Vault;

/// <summary>
/// Snapshots and notes are got from the store and opened once, and kept on this machine: as they lie in the store, and as they were opened.
/// </summary>
public sealed class RecordCacheTests : IDisposable
{
    private readonly Rig _rig = new();
    private readonly List<string> _gets = [];
    private int _backups;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void The_second_listing_gets_nothing_from_the_store_and_says_the_same()
    {
        Backup(3);
        IReadOnlyList<SnapshotInfo> first = List();
        Assert.Equal(3, _gets.Count);
        _gets.Clear();
        IReadOnlyList<SnapshotInfo> second = List();
        Assert.Empty(_gets);
        Assert.Equal(first.Select(static s => s.Name), second.Select(static s => s.Name));
        Assert.All(second, static s => Assert.Equal(SignatureState.Valid, s.Snapshot.Signature));
        Assert.Equal(first.Select(static s => s.Snapshot.Private!.Source), second.Select(static s => s.Snapshot.Private!.Source));
    }

    [Fact]
    public void What_others_add_is_got_and_what_is_gone_from_the_store_is_gone_here()
    {
        Backup(2);
        List();
        Backup(1);
        _gets.Clear();
        IReadOnlyList<SnapshotInfo> all = List();
        Assert.Single(_gets);
        long before = Files().Sum(static f => f.Length);
        string key = _rig.Store.List(ObjectKeys.Snapshots).First(o => o.Key.EndsWith(all[0].Name.ToString(), StringComparison.Ordinal)).Key;
        Assert.True(_rig.Store.Delete(key));
        Assert.Equal(all.Skip(1).Select(static s => s.Name), List().Select(static s => s.Name));
        Assert.InRange(Files().Sum(static f => f.Length), 1, before - 1);
        foreach (string rest in _rig.Store.List(ObjectKeys.Snapshots).Select(static o => o.Key).ToList()) { _rig.Store.Delete(rest); }
        Assert.Empty(List());
        Assert.Empty(Files());
    }

    public static TheoryData<string, int> Places
    {
        get
        {
            var places = new TheoryData<string, int>();
            foreach (int at in (int[])[0, 20, 32, 35, 40, 100, 300, -1, -40])
            {
                places.Add(".sealed", at);
                places.Add(".opened", at);
            }

            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Whatever_becomes_of_a_file_snapshots_are_those_of_the_store(string suffix, int at)
    {
        Backup(3);
        IReadOnlyList<SnapshotInfo> all = List();
        FileInfo file = Assert.Single(Files(), f => f.Name.EndsWith(suffix, StringComparison.Ordinal));
        foreach (FileInfo other in Files().Where(f => f.Name != file.Name)) { other.Delete(); }
        byte[] bytes = File.ReadAllBytes(file.FullName);
        for (int cut = 0; cut < 2; cut++)
        {
            byte[] now = [.. bytes];
            int place = at < 0 ? now.Length + at : at;
            if (cut == 0) { now[place] ^= 0x41; }
            else { now = now[..place]; }
            File.WriteAllBytes(file.FullName, now);
            foreach (FileInfo other in Files().Where(f => f.Name != file.Name)) { other.Delete(); }
            for (int i = 0; i < 2; i++) { Assert.Equal(all.Select(static s => s.Name), List().Select(static s => s.Name)); }
            _gets.Clear();
            List();
            Assert.Empty(_gets); // mended
        }

        Assert.Empty(_rig.Warnings);
    }

    [Fact]
    public void What_was_opened_is_not_taken_for_another_snapshot()
    {
        Backup(2);
        IReadOnlyList<SnapshotInfo> all = List();
        FileInfo file = Assert.Single(Files(), static f => f.Name.EndsWith(".opened", StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(file.FullName);
        int[] places = [.. all.Select(s => bytes.AsSpan().IndexOf(s.Name.Value.ToArray()))];
        all[1].Name.Value.CopyTo(bytes.AsSpan(places[0]));
        all[0].Name.Value.CopyTo(bytes.AsSpan(places[1]));
        File.WriteAllBytes(file.FullName, bytes);
        Assert.Equal(all.Select(static s => s.Snapshot.Session), List().Select(static s => s.Snapshot.Session));
    }

    [Fact]
    public void A_key_that_only_writes_learns_no_name_from_what_the_full_key_opened_and_takes_none_from_it()
    {
        Backup(2);
        List();
        var writer = new Credentials { KeyFilePath = _rig["writer"] };
        using (Repository repository = _rig.Open()) { repository.AddKey(KeyLevel.Write, writer, "writer"); }
        foreach (FileInfo file in Files()) { file.Delete(); }
        for (int i = 0; i < 2; i++)
        {
            using (Repository limited = Repository.Open(_rig.Store, writer, _rig.Options()))
            {
                Assert.All(limited.Snapshots(), static s => Assert.Null(s.Snapshot.Private));
                Assert.All(limited.Snapshots(), static s => Assert.Equal(SignatureState.Valid, s.Snapshot.Signature));
            }

            Assert.All(List(), static s => Assert.Equal("source", s.Snapshot.Private!.Source));
        }
    }

    [Fact]
    public void A_note_is_got_once_and_counts_as_before()
    {
        Backup(1);
        using (Repository repository = _rig.Open())
        {
            repository.Notes.Put(new Note { Kind = NoteKind.Pin, At = new FileTime(1, 0), Snapshots = [List()[0].Name] });
        }

        Assert.NotNull(List()[0].Snapshot.Pin);
        _gets.Clear();
        Assert.NotNull(List()[0].Snapshot.Pin);
        Assert.Empty(_gets);
        _rig.Store.Delete(Assert.Single(_rig.Keys(ObjectKeys.Notes)));
        Assert.Null(List()[0].Snapshot.Pin);
    }

    [Fact]
    public void A_check_reads_those_of_the_store()
    {
        Backup(2);
        List();
        StoreObject one = _rig.Store.List(ObjectKeys.Snapshots).First();
        byte[] bytes = _rig.Store.Get(one.Key, Limits.MaxSnapshot)!;
        bytes[^1] ^= 1;
        _rig.Store.Delete(one.Key);
        _rig.Store.Put(one.Key, bytes);
        Assert.Equal(2, List().Count);
        Assert.Contains(_rig.Check().Damages, d => d.Object.Contains(one.Key, StringComparison.Ordinal));
    }

    private void Backup(int times)
    {
        for (int i = 0; i < times; i++)
        {
            File.WriteAllText(Path.Combine(_rig.Source, "file"), $"{_backups++}");
            _rig.Backup();
        }
    }

    private IReadOnlyList<SnapshotInfo> List()
    {
        var store = new HookStore(_rig.Store)
        {
            Before = o =>
            {
                if (o.StartsWith("get snapshots/", StringComparison.Ordinal)) { _gets.Add(o); }
                else if (o.StartsWith("get notes/", StringComparison.Ordinal)) { _gets.Add(o); }
            },
        };
        using Repository repository = _rig.Open(store);
        return repository.Snapshots();
    }

    private FileInfo[] Files() =>
        [.. Directory.GetDirectories(_rig.Cache).Select(static d => new DirectoryInfo(Path.Combine(d, "snapshots")))
            .Where(static d => d.Exists).SelectMany(static d => d.GetFiles())];
}
