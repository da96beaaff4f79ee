using System.Text;
using Varve.App.Output.Pages;
using Varve.Backup;
using Varve.History;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Store;
using Varve.Tests.Kit.Stores;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Kit.Vaults;

/// <summary>A source that is one large file, and its backups with deltas.</summary>
internal sealed class DeltaRig : IDisposable
{
    public const int Page = 4096;

    private readonly List<(ObjectName Snapshot, string Name, byte[] Content)> _revisions = [];

    public DeltaRig(byte[] content) => Write(content);

    public Rig Rig { get; } = new();

    /// <summary>The file's path in the source.</summary>
    public string Name { get; set; } = "file";

    public string File => Path.Combine(Rig.Source, Name);

    public string Signatures => Path.Combine(Directory.EnumerateDirectories(Rig.Cache).Single(), "deltas");

    /// <summary>The bytes of all signatures.</summary>
    public IReadOnlyList<byte[]> SignatureBytes() =>
        Directory.Exists(Signatures) ? [.. Directory.EnumerateFiles(Signatures).Order().Select(System.IO.File.ReadAllBytes)] : [];

    public void Write(byte[] content) => System.IO.File.WriteAllBytes(File, content);

    /// <summary>
    /// As <see cref="Write"/>, by a process of its own: when it is over, nobody has the file open for writing. A descriptor of this process
    /// may live on for a moment in a child that another test starts, until that becomes the program it is to be; and then the file is,
    /// rightly, taken for one that may still change.
    /// </summary>
    public void WriteByAnother(byte[] content)
    {
        string other = Rig["other"];
        System.IO.File.WriteAllBytes(other, content);
        Programs.Run("cp", other, File);
    }

    /// <summary>Random bytes of a seed.</summary>
    public static byte[] Bytes(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Overwrites random pages in place; returns the bytes that changed.</summary>
    public int ChangePages(int seed, int count)
    {
        using FileStream file = System.IO.File.OpenWrite(File);
        return ChangePages(file, seed, count);
    }

    /// <summary>As <see cref="ChangePages(int, int)"/>, as <see cref="WriteByAnother"/>.</summary>
    public int ChangePagesByAnother(int seed, int count)
    {
        byte[] content = System.IO.File.ReadAllBytes(File);
        int changed = ChangePages(new MemoryStream(content), seed, count);
        WriteByAnother(content);
        return changed;
    }

    private static int ChangePages(Stream file, int seed, int count)
    {
        var random = new Random(seed);
        HashSet<long> pages = [];
        while (pages.Count < count) { pages.Add(random.NextInt64(file.Length / Page)); }
        foreach (long page in pages)
        {
            file.Position = page * Page;
            file.Write(Bytes(random.Next(), Page));
        }

        return count * Page;
    }

    public BackupResult Backup(Func<BackupOptions, BackupOptions>? with = null, IStore? store = null, Credentials? key = null) =>
        Within.Run(() =>
    {
        using Repository repository = Repository.Open(new HookStore(store ?? Rig.Store), key ?? Rig.Key, Rig.Options());
        var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(Rig.Source), DeltaFrom = 0 };
        BackupResult result = BackupRunner.Run(repository, with is null ? options : with(options), new BackupMonitor(), default);
        if (result.FailureCount == 0 && !result.Snapshot.IsPartial)
        {
            _revisions.Add((result.Name, Name, System.IO.File.ReadAllBytes(File)));
        }
        return result;
    });

    /// <summary>Every revision so far restores to what it was, and the repository is undamaged.</summary>
    public void RequireAll(string when)
    {
        foreach ((ObjectName snapshot, string name, byte[] content) in _revisions)
        {
            string target = Rig.Restore(snapshot, out var result);
            Assert.True(result.FailureCount == 0, $"{when}: {string.Join("; ", result.Failures.Select(f => f.Message))}");
            Assert.True(content.AsSpan().SequenceEqual(System.IO.File.ReadAllBytes(Path.Combine(target, name))),
                $"{when}: {name} of {snapshot} differs");
            Directory.Delete(target, recursive: true);
        }

        Rig.RequireClean(when);
    }

    /// <summary>The extents of the file in the newest snapshot, each with the length of its chunk.</summary>
    public List<(Extent Extent, uint ChunkLength)> Extents()
    {
        using Repository repository = Rig.Open();
        var extents = new List<(Extent, uint)>();
        ChunkId tree = repository.FindSnapshot("latest").Snapshot.RootTree;
        TreeReader.ForEachLeaf(tree, repository.MetaChunks.Read, (ChunkId _, ref TreeLeafReader root) =>
        {
            Assert.True(root.MoveNext());
            TreeReader.ForEachLeaf(DetailsCodec.ChildTree(root.Details), repository.MetaChunks.Read, (ChunkId _, ref TreeLeafReader leaf) =>
            {
                Assert.True(leaf.MoveNext());
                foreach (Extent extent in FileExtents.Of(leaf.Details, leaf.Stat.Size, repository.MetaChunks.Read))
                {
                    uint length = 0;
                    if (!extent.IsHole)
                    {
                        Assert.True(repository.Indexes.TryLocate(extent.Chunk, out ChunkLocation location));
                        length = location.Length;
                    }

                    extents.Add((extent, length));
                }
            });
        });
        return extents;
    }

    public void Dispose() => Rig.Dispose();
}
