using System.Globalization;
using System.Text;
using Varve.Model;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Restore;

/// <summary>Whatever became of a tree, a restore in its place gives back what was saved. The judge is rsync.</summary>
public sealed class InPlacePropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_tree_that_was_changed_at_random_is_the_saved_one_again(int seed)
    {
        using var rig = new Rig();
        var random = new Random(seed);
        for (int round = 0; round < 6; round++)
        {
            for (int i = 0; i < 40; i++) { Change(rig.Source, random); }
            ObjectName name = rig.Backup().Name;
            string saved = rig.Keep(rig.Source, $"saved-{round}");
            for (int i = 0; i < 40; i++) { Change(rig.Source, random); }
            bool verifies = round % 2 == 0;
            RestoreResult would = Restore(rig, name, o => o with { DryRun = true, Verify = verifies });
            RestoreResult result = Restore(rig, name, o => o with { Verify = verifies, WriteInPlace = round == 3 });
            Assert.True(result.FailureCount == 0,
                string.Join("; ", result.Failures.Select(static f => $"{PathText.Of(f.Path)}: {f.Message}")));
            string differences = RsyncJudge.Compare(saved, rig.Source);
            Assert.True(differences.Length == 0, $"seed {seed}, round {round}: {differences}");
            Assert.Equal(0, result.ProtectedCount);
            Assert.Equal(would.Deleted, result.Deleted);
            Assert.Equal((would.Files, would.Others, would.Replaced), (result.Files, result.Others, result.Replaced));

            // Once more there is nothing to do.
            result = Restore(rig, name, static o => o);
            Assert.Equal((0, 0, 0, 0, 0), (result.Files, result.Others, result.Directories, result.MetadataOnly, result.Deleted));
            Assert.Equal("", RsyncJudge.Compare(saved, rig.Source));
        }
    }

    private static RestoreResult Restore(Rig rig, ObjectName name, Func<RestoreOptions, RestoreOptions> with)
    {
        using Repository repository = rig.Open();
        return Within.Run(() => Engine.Restore(repository, rig.Source, name, o => with(o with { InPlace = true, Delete = true })));
    }

    /// <summary>As random histories are, with large files, further names and extended attributes.</summary>
    private static void Change(string root, Random random)
    {
        string large = Path.Combine(root, $"large{random.Next(2)}");
        string[] files = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(static f => new FileInfo(f).LinkTarget is null)];
        string[] small = [.. files.Where(static f => !Path.GetFileName(f).StartsWith("large", StringComparison.Ordinal))];
        switch (random.Next(8))
        {
            case 0 when !File.Exists(large): File.WriteAllBytes(large, Desk.Bytes(random.Next(), 2_500_000 + random.Next(1000))); break;
            case 0:
                using (FileStream file = File.OpenWrite(large))
                {
                    file.Position = random.Next(2_000_000);
                    file.Write(Encoding.UTF8.GetBytes(random.Next().ToString(CultureInfo.InvariantCulture)));
                    if (random.Next(3) == 0) { file.SetLength(1_500_000 + random.Next(2_000_000)); }
                }

                break;
            // Large ones apart: the names of a file that is stored by deltas under one of them are two files in a snapshot.
            case 1 when small.Length > 0:
                string link = Path.Combine(root, $"link{random.Next(4)}");
                if (!Path.Exists(link)) { ZooPosix.Link(ZooPosix.Path(small[random.Next(small.Length)]), ZooPosix.Path(link)); }
                else { File.Delete(link); }
                break;
            case 2 when files.Length > 0:
                ZooPosix.SetXattr(ZooPosix.Path(files[random.Next(files.Length)]), $"user.a{random.Next(3)}", Desk.Bytes(random.Next(), 5));
                break;
            default: RandomChange.Make(root, random); break;
        }
    }
}
