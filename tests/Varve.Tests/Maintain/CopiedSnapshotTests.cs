using Varve.Format;
using Varve.History;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Maintain;

/// <summary>Who may add to the storage, with and without a key, beside snapshots and packs of others.</summary>
public sealed class CopiedSnapshotTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();

    public CopiedSnapshotTests()
    {
        for (int i = 0; i < 4; i++) { File.WriteAllBytes($"{_small.Source}/{i}", Desk.Bytes(i, 20_000)); }
        FileClock.Settle();
    }

    public void Dispose() => _small.Dispose();

    [Fact]
    public void Copies_of_a_snapshot_in_places_of_other_sources_take_nothing_from_it()
    {
        // Some file systems list what is new first, others last.
        string[] folders = [.. "0123456789abcdef".Select(c => $"{_small.Store}/snapshots/{new string(c, 16)}")];
        foreach (string folder in folders[8..]) { Directory.CreateDirectory(folder); }
        ObjectName name = _small.Backup().Name;
        string key = Damaged.SnapshotKey(_small, name);
        foreach (string folder in folders)
        {
            Directory.CreateDirectory(folder);
            File.Copy($"{_small.Store}/{key}", $"{folder}/{name}");
        }

        Directory.Delete(_small.Cache, recursive: true);
        using Repository repository = _small.Open();
        Assert.Equal(1, CatalogMaintenance.Rebuild(repository, null, TestContext.Current.CancellationToken).Snapshots);
        Assert.Equal(name, repository.SnapshotStore.Read(name).Signature == SignatureState.Valid ? name : default);
        _small.RestoreExactly(name);
    }

    [Fact]
    public void A_copy_of_a_snapshot_where_all_lay_once_is_no_second_snapshot()
    {
        ObjectName name = _small.Backup().Name;
        string key = Damaged.SnapshotKey(_small, name);
        File.Copy($"{_small.Store}/{key}", $"{_small.Store}/snapshots/{name}");
        using Repository repository = _small.Open();
        Assert.Equal(name, Assert.Single(repository.Snapshots()).Name);
        Assert.Equal(name, repository.FindSnapshot(name.ToString()).Name);
    }

    [Fact]
    public void Packs_that_a_key_of_level_write_makes_up_do_not_hide_what_is_lost()
    {
        ObjectName name = _small.Backup().Name;
        var forger = new RunForger(RepositoryOpener.OpenStore(_small.Location), _small.WriteOnly, _small.Options());
        var made = new List<PackContents>();
        for (int i = 0; i < 1_200; i++)
        {
            byte[] bytes = Desk.Bytes(i, 32);
            bytes[0] = bytes[1] = 0;
            var id = new ChunkId(Desk.Bytes(i + 5_000, 32));
            made.Add(new PackContents(new ObjectName(bytes), PackKind.Data, 145 + 28 + 200,
                [new PackedBlock(28, 12, Codec.Raw, [new PackedChunk(id, 12)])]));
        }

        forger.PutRun(made);
        forger.Dispose();
        string lost = Directory.EnumerateFiles($"{_small.Store}/packs", "*", SearchOption.AllDirectories).Order().Last();
        File.Delete(lost);
        CheckResult check = _small.Check(readData: false);
        Assert.Contains(check.Damages, d => d.Object.EndsWith(Path.GetFileName(lost), StringComparison.Ordinal));
        Assert.Contains(check.Damages, d => d.Snapshots.Contains(name));
    }

    [Fact]
    public void As_many_missing_snapshots_as_there_are_can_be_acknowledged()
    {
        using Repository repository = _small.Open();
        ObjectName[] names = [.. Enumerable.Range(0, 40_000).Select(static i => new ObjectName(Desk.Bytes(i, 32)))];
        repository.Acknowledge(names);
        repository.Notes.Load(static e => throw e);
        Assert.All(names, n => Assert.True(repository.SnapshotStore.Notes.IsSettled(n, default)));
    }
}
