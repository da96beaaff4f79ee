using System.Text;
using Varve.Backup;
using Varve.History;
using Varve.Model;
using Varve.Restore;
using Varve.Restore.Write;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Restore;

/// <summary>
/// What is included comes back with all that is above and below it, each directory with its own metadata; and nothing else does.
/// </summary>
public sealed class PartOfATreeTests
{
    [Fact]
    public void Random_parts_of_a_random_tree_come_back_and_nothing_else()
    {
        using var rig = new Rig();
        var random = new Random(7);
        List<string> directories = [""], all = [];

        // Every name is there once, so that a path as a pattern means one entry.
        for (int i = 0; i < 60; i++)
        {
            string directory = Path.Combine(directories[random.Next(directories.Count)], $"d{i}");
            Directory.CreateDirectory(Path.Combine(rig.Source, directory));
            directories.Add(directory);
            all.Add(directory);
        }

        for (int i = 0; i < 200; i++)
        {
            string file = Path.Combine(directories[random.Next(directories.Count)], $"f{i}");
            File.WriteAllText(Path.Combine(rig.Source, file), new string((char)('a' + i % 26), random.Next(3) * 1000));
            all.Add(file);
        }

        for (int i = 0; i < all.Count; i++) { Touch(Path.Combine(rig.Source, all[i]), i); }
        BackupResult result = rig.Backup();
        using Repository repository = rig.Open();
        for (int round = 0; round < 150; round++)
        {
            string[] includes = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => all[random.Next(all.Count)])];
            string target = rig[$"part-{round}"];
            RestoreResult restored = RestoreRunner.Run(
                repository, new RestoreOptions
                {
                    Snapshot = repository.FindSnapshot(result.Name.ToString()), Target = Encoding.UTF8.GetBytes(target),
                    Includes = includes, Workers = 1 + round % 3,
                },
                new RestoreMonitor(), TestContext.Current.CancellationToken);
            string what = string.Join(", ", includes);
            Assert.True(restored.FailureCount == 0,
                $"{what}: {string.Join("; ", restored.Failures.Select(static f => $"{PathText.Of(f.Path)}: {f.Message}"))}");
            string[] expected = [.. all.Where(p => includes.Any(i => p == i || Below(p, i) || Below(i, p))).Order(StringComparer.Ordinal)];
            string[] there = [.. Directory.EnumerateFileSystemEntries(target, "*", SearchOption.AllDirectories)
                .Select(p => Path.GetRelativePath(target, p)).Order(StringComparer.Ordinal)];
            Assert.Equal(expected, there);
            foreach (string path in there)
            {
                Assert.Equal(File.GetLastWriteTimeUtc(Path.Combine(rig.Source, path)),
                    File.GetLastWriteTimeUtc(Path.Combine(target, path)));
                if (File.Exists(Path.Combine(target, path)))
                {
                    Assert.Equal(File.ReadAllText(Path.Combine(rig.Source, path)), File.ReadAllText(Path.Combine(target, path)));
                }
            }
        }
    }

    private static bool Below(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);

    private static void Touch(string path, int i)
    {
        DateTime time = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(i);
        if (Directory.Exists(path)) { Directory.SetLastWriteTimeUtc(path, time); }
        else { File.SetLastWriteTimeUtc(path, time); }
    }
}
