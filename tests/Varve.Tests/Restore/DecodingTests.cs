using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Varve.Backup;
using Varve.History;
using Varve.Model;
using Varve.Restore;
using Varve.Restore.Write;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Restore;

/// <summary>What a restore fetches and decodes.</summary>
[Trait("Takes", "minutes")]
public sealed class DecodingTests
{
    // 2,000 files wait together until all are planned, whatever the machine does meanwhile. Of 25,000 no more than RestoreQueue.MaxPieces
    // may wait, and a worker that has nothing to do is given what is incomplete: how often depends on who is faster.
    [Theory]
    [InlineData(20, 100, 0)]
    [InlineData(100, 250, 5)]
    public void Each_block_is_fetched_once_whatever_the_order_in_which_files_were_stored_and_hardly_again_if_there_are_many(
        int directories, int files, int percentAgain)
    {
        // Blocks are filled by several workers at once, in the order of inodes, and restored in the order of names.
        using var scratch = new ZooDirectory();
        string source = scratch["source"];
        var random = new Random(1);
        for (int directory = 0; directory < directories; directory++)
        {
            Directory.CreateDirectory(Path.Combine(source, directory.ToString(CultureInfo.InvariantCulture)));
            for (int file = 0; file < files; file++)
            {
                var content = new byte[600];
                random.NextBytes(content);
                File.WriteAllBytes(
                    Path.Combine(source, directory.ToString(CultureInfo.InvariantCulture),
                    random.Next().ToString(CultureInfo.InvariantCulture)), content);
            }
        }

        var location = new RepositoryLocation(scratch["repository"]);
        var options = new RepositoryOptions { CacheRoot = scratch["cache"] };
        var key = new Credentials { KeyFilePath = KeyPlace.In(scratch.Root) };
        RepositoryOpener.Create(RepositoryOpener.CreateStore(location), key, "key", options, h => h with { BlockSize = 64 << 10 });
        using (Repository made = Repository.Open(location, key, options)) { Engine.Backup(made, source, o => o with { Workers = 3 }); }

        var reads = new ConcurrentDictionary<(string, long), int>();
        var store = new HookStore(RepositoryOpener.CreateStore(location))
        {
            Ranged = (key, offset, _) =>
            reads.AddOrUpdate((key, offset), 1, static (_, n) => n + 1)
        };
        using Repository repository = Repository.Open(store, key, options);
        RestoreResult result = RestoreRunner.Run(
            repository,
            new RestoreOptions
            {
                Snapshot = repository.FindSnapshot("latest"), Target = Encoding.UTF8.GetBytes(scratch["target"]),
                Workers = 2
            },
            new RestoreMonitor(), TestContext.Current.CancellationToken);
        Assert.Empty(result.Failures);
        Assert.Equal(directories * files, result.Files);
        int blocks = directories * files * 600 / (64 << 10);
        Assert.InRange(reads.Count, blocks, blocks * 2);
        // Not the headers at the start of packs: two workers may open a pack at once.
        int again = reads.Where(static read => read.Key.Item2 > 0).Sum(static read => read.Value - 1);
        Assert.InRange(again, 0, reads.Count * percentAgain / 100);
        Assert.Equal("", RsyncJudge.Compare(source, scratch["target"]));
    }
}
