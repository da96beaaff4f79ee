using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Tests.Backup;

/// <summary>
/// What a backup relies on, when somebody else who may write says that he has stored what is in its files, and has stored something else.
/// </summary>
public sealed class TrustTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly RunForger _other;
    private readonly byte[] _content = MixedTree.Bytes(77, 900);
    private readonly PackContents _garbage;

    public TrustTests()
    {
        using (Repository opened = _small.Open()) { opened.AddKey(KeyLevel.Write, Another, "other machine"); }
        _other = new RunForger(RepositoryOpener.OpenStore(_small.Location), Another, _small.Options());
        _garbage = _other.PutPack(MixedTree.Bytes(78, 900), new PackedChunk(_other.Hasher.Compute(_content), 900));
        _other.PutRun([_garbage]);
        File.WriteAllBytes(Path.Combine(_small.Source, "file"), _content);
    }

    private Credentials Another => new() { KeyFilePath = _small["another-key"] };

    public void Dispose()
    {
        _other.Dispose();
        _small.Dispose();
    }

    [Theory]
    [InlineData(KeyLevel.Full, false, PackTrust.All, false)]
    [InlineData(KeyLevel.Full, true, PackTrust.All, true)]
    [InlineData(KeyLevel.Full, true, PackTrust.Own, true)]
    [InlineData(KeyLevel.Full, false, PackTrust.Own, true)]
    [InlineData(KeyLevel.Write, false, PackTrust.All, false)]
    [InlineData(KeyLevel.Write, false, PackTrust.Own, true)]
    public void Garbage_that_another_claims_to_be_a_chunk_is_relied_on_unless_it_is_verified_or_only_own_packs_count(
        KeyLevel level, bool verify, object trust, bool isSafe)
    {
        ObjectName snapshot = Backup(level == KeyLevel.Full ? _small.Credentials : _small.WriteOnly, verify, (PackTrust)trust).Name;
        using Repository reader = _small.Open();
        string target = _small["restored"];
        RestoreResult result = Engine.Restore(reader, target, snapshot);
        Assert.Equal(isSafe ? 0 : 1, result.FailureCount);
        if (isSafe) { Assert.Equal(_content, File.ReadAllBytes(Path.Combine(target, "file"))); }
    }

    [Fact]
    public void True_packs_of_others_are_read_once_and_then_relied_on()
    {
        byte[] content = MixedTree.Bytes(79, 900);
        PackContents pack = _other.PutPack(content, new PackedChunk(_other.Hasher.Compute(content), 900));
        _other.PutRun([pack]);
        File.WriteAllBytes(Path.Combine(_small.Source, "true"), content);
        int reads = 0;
        BackupResult Verified() => Backup(_small.Credentials, verify: true, PackTrust.All, key =>
        {
            if (key == ObjectKeys.Pack(pack.Name) || key == ObjectKeys.Pack(_garbage.Name)) { Interlocked.Increment(ref reads); }
        }, force: true);
        long added = Verified().Snapshot.Counts.BytesAdded;
        Assert.InRange(reads, 2, 20);
        Assert.InRange(added, 900, 1799); // the file whose content is garbage, and trees; not the true one
        reads = 0;
        Verified();
        Assert.Equal(0, reads);
    }

    [Fact]
    public void A_run_that_lies_about_a_true_pack_is_not_relied_on_when_it_is_verified()
    {
        // The pack is the victim's own: true, and known to be. What the other says of it is not.
        File.WriteAllBytes(Path.Combine(_small.Source, "mine"), MixedTree.Bytes(80, 900));
        Backup(_small.Credentials, verify: true, PackTrust.All);
        PackContents mine;
        using (Repository opened = _small.Open())
        {
            Varve.Lookup.RunPack data = opened.Indexes.Packs().First(p => p.Kind == PackKind.Data && p.Name != _garbage.Name);
            mine = opened.Footers.Read(data.Name, data.Size);
        }

        byte[] content = MixedTree.Bytes(81, 900);
        PackedChunk[] chunks = [.. mine.Blocks[0].Chunks];
        chunks[^1] = chunks[^1] with { Id = _other.Hasher.Compute(content) };
        _other.PutRun([mine with { Blocks = [mine.Blocks[0] with { Chunks = chunks }, .. mine.Blocks.Skip(1)] }]);
        File.WriteAllBytes(Path.Combine(_small.Source, "later"), content);
        ObjectName snapshot = Backup(_small.Credentials, verify: true, PackTrust.All).Name;
        using Repository reader = _small.Open();
        Assert.Equal(0, Engine.Restore(reader, _small["restored"], snapshot).FailureCount);
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(_small["restored"], "later")));
        Assert.Single(reader.Indexes.FalseRuns);
    }

    [Fact]
    public void A_key_that_cannot_read_cannot_verify()
    {
        VarveException e = Assert.Throws<VarveException>(() => Backup(_small.WriteOnly, verify: true, PackTrust.All));
        Assert.Equal((ErrorKind.WrongKey, Advice.GiveFullKey), (e.Kind, e.Advice));
    }

    [Fact]
    public void What_the_own_key_has_stored_is_not_stored_again_when_only_own_packs_count()
    {
        Backup(_small.WriteOnly, verify: false, PackTrust.Own);
        Assert.Equal(0, Backup(_small.WriteOnly, verify: false, PackTrust.Own, force: true).Snapshot.Counts.BytesAdded);
        Assert.InRange(Backup(_small.Credentials, verify: false, PackTrust.Own, force: true).Snapshot.Counts.BytesAdded, 900, 10_000);
    }

    private BackupResult Backup(Credentials key, bool verify, PackTrust trust, Action<string>? ranged = null, bool force = false)
    {
        var store = new HookStore(RepositoryOpener.OpenStore(_small.Location)) { Ranged = (name, _, _) => ranged?.Invoke(name) };
        using Repository repository = Repository.Open(store, key, _small.Options());
        return Engine.Backup(repository, _small.Source, o => o with { VerifyExisting = verify, Trust = trust, Force = force, Workers = 2 });
    }
}
