using System.Text;
using Varve.Format;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Restore;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Maintain;

/// <summary>
/// A sparse pack of 2 TiB whose footer is authentic, and a run that says something else of it: a key of level write makes both.
/// </summary>
public sealed class HugePackTests : IDisposable
{
    private const int Blocks = 512;

    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly ObjectName _snapshot;
    private long _read;

    public HugePackTests()
    {
        File.WriteAllText(Path.Combine(_small.Source, "f"), "content");
        _snapshot = _small.Backup().Name;
        Plant();
    }

    public void Dispose() => _small.Dispose();

    [Fact]
    public void A_restore_does_not_read_it_to_its_end()
    {
        using Repository repository = Open();
        RestoreResult result = Engine.Restore(repository, _small["target"], _snapshot);
        Assert.Equal([], result.Failures.Select(static f => f.Message));
        Assert.Equal("content", File.ReadAllText(_small["target"] + "/f"));
    }

    [Fact]
    public void A_check_does_not_read_it_to_its_end()
    {
        using Repository repository = Open();
        CheckResult check = Engine.Check(repository, readData: false, workers: 1);
        Assert.DoesNotContain(check.Damages, d => d.Snapshots.Count > 0);
    }

    [Fact]
    public void A_backup_that_verifies_does_not_read_it_to_its_end()
    {
        Directory.CreateDirectory(_small["twin"]);
        File.WriteAllText(_small["twin"] + "/f", "content");
        using Repository repository = Open();
        Assert.Equal(0, Engine.Backup(repository, _small["twin"], o => o with { VerifyExisting = true }).FailureCount);
    }

    private Repository Open() => Repository.Open(
        new HookStore(RepositoryOpener.OpenStore(_small.Location))
        {
            Ranged = (key, _, length) =>
            {
                if (Interlocked.Add(ref _read, length) > 1L << 30) { throw new InvalidOperationException($"reads on and on in {key}"); }
            },
        }, _small.Credentials, _small.Options());

    private void Plant()
    {
        byte[] content = Encoding.ASCII.GetBytes("content");
        using Repository writer = _small.Open(_small.WriteOnly);
        PackedBlock Block(byte[] id) => new(uint.MaxValue, (uint)content.Length, Codec.Zstd,
            [new PackedChunk(new ChunkId(id), (uint)content.Length)]);
        PackedBlock[] blocks = [.. Enumerable.Range(0, Blocks).Select(i => Block(Desk.Bytes(i, 32)))];
        var footer = new ByteWriter();
        PackFooter.Encode(footer, blocks);
        using PackSealer sealer = writer.Content.NewPack(PackKind.Data);
        byte[] end = writer.Objects.Seal(ObjectType.Footer, sealer.Header.Span, footer.Written);
        byte[] tail = [.. BitConverter.GetBytes((uint)end.Length), .. PackLayout.EndMagic];
        long start = sealer.Header.Length + ((long)uint.MaxValue * Blocks), size = start + end.Length + tail.Length;
        var name = new ObjectName(Desk.Bytes(77, 32));
        string path = $"{_small.Store}/{ObjectKeys.Pack(name)}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (FileStream file = File.Create(path))
        {
            file.Write(sealer.Header.Span);
            file.Position = start;
            file.Write(end);
            file.Write(tail);
        }

        using var forger = new RunForger(RepositoryOpener.OpenStore(_small.Location), _small.WriteOnly, _small.Options());
        blocks[0] = Block(writer.Hasher.Compute(content).Value.ToArray());
        forger.PutRun([new PackContents(name, PackKind.Data, size, blocks)]);
    }
}
