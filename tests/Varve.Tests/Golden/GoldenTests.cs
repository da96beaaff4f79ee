using System.Diagnostics;
using System.Text;
using Varve.Backup;
using Varve.Keys;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Restore;
using Varve.Restore.Write;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Golden;

/// <summary>
/// Repositories of format version 1 as a program wrote them once: whatever becomes of the program, it must open them, find them sound and
/// restore exactly what went in. They were made by the explicit test below, which nobody need run again: a new format gets new ones beside
/// them.
/// </summary>
public sealed class GoldenTests
{
    private const string Password = "golden password";

    /// <summary>Each golden repository, and whether a password opens it or the key file beside it.</summary>
    public static TheoryData<string> Repositories => ["v1-password", "v1-keyfile"];

    [Theory]
    [Trait("Needs", "root")]
    [MemberData(nameof(Repositories))]
    public void It_opens_is_sound_and_restores_to_the_byte(string name)
    {
        using var d = new ZooDirectory();
        var warnings = new List<Notice>();
        using Repository repository = Repository.Open(new RepositoryLocation(Place(name)), Credentials(name),
            new RepositoryOptions { CacheRoot = d["cache"], Warn = warnings.Add });
        CheckResult check = Engine.Check(repository, true);
        Assert.Empty(check.Damages);
        Assert.Equal(3, check.Snapshots);
        IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots();
        for (int i = 0; i < 3; i++)
        {
            string target = d["target-" + i];
            RestoreResult result = RestoreRunner.Run(
                repository, new RestoreOptions { Snapshot = snapshots[i], Target = Encoding.UTF8.GetBytes(target), NumericOwner = true },
                new RestoreMonitor(), TestContext.Current.CancellationToken);
            Assert.Empty(result.Failures);
            Assert.Empty(result.NotSet);
            Assert.Equal(Expected(i + 1), Manifest.Of(target));
            Assert.True(result.Bytes < snapshots[i].Snapshot.Counts.Bytes / 2 || !Directory.Exists(target + "/sparse"), "holes stay holes");
        }

        Assert.Equal(["first", "second"], snapshots.Take(2).Select(static s => Assert.Single(s.Snapshot.Private!.Tags)));
        Assert.Equal(snapshots[1].Name, snapshots[2].Snapshot.Parent);
        Assert.Empty(warnings);
    }

    [Theory]
    [MemberData(nameof(Repositories))]
    public void A_reader_written_from_the_document_alone_reads_the_same(string name)
    {
        Dictionary<int, List<string>> read = ReadByPython(name);
        for (int i = 1; i <= 3; i++) { Assert.Equal(Expected(i), read[i]); }
        Assert.Equal(3, read.Count);
    }

    [Fact]
    public void A_paper_key_opens_what_has_lost_header_and_slots_to_a_reader_written_from_the_document()
    {
        using var d = new ZooDirectory();
        Programs.Run("cp", "-r", Place("v1-keyfile"), d["repo"]);
        using (Repository repository = Repository.Open(new RepositoryLocation(d["repo"]), Credentials("v1-keyfile"),
            new RepositoryOptions { CacheRoot = d["cache"] }))
        {
            using PaperKey paper = repository.ExportKey(KeyLevel.Full);
            File.WriteAllLines(d["paper"], paper.Lines.Prepend("varve-paper-1"));
            File.WriteAllText(d["code"], paper.Code);
        }

        Programs.Run("rm", "-rf", d["repo"] + "/keys", d["repo"] + "/varve");
        foreach (string text in (string[])["paper", "code"])
        {
            Dictionary<int, List<string>> read = ReadByPython(d["repo"], ["--paper-key", d[text]]);
            for (int i = 1; i <= 3; i++) { Assert.Equal(Expected(i), read[i]); }
            Assert.Equal(3, read.Count);
        }
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_backup_goes_on_with_a_golden_repository()
    {
        using var d = new ZooDirectory();
        Programs.Run("cp", "-r", Place("v1-keyfile"), d["repo"]);
        GoldenSource.Create(d["source"]);
        using Repository repository = Repository.Open(new RepositoryLocation(d["repo"]), Credentials("v1-keyfile"),
            new RepositoryOptions { CacheRoot = d["cache"] });
        BackupResult result = Engine.Backup(repository, d["source"]);
        Assert.Equal(0, result.FailureCount);

        // Content is cut and named as it was then: only trees are new.
        Assert.True(repository.Indexes.Packs().Count(static p => p.Kind == PackKind.Data) == DataPacks("v1-keyfile"), "the same chunks");
        Assert.Equal(4, repository.Snapshots().Count);
    }

    [Fact(Explicit = true)]
    public void Write_the_golden_repositories()
    {
        using var d = new ZooDirectory();
        string[] names = [.. Repositories.Select(static r => r.Data)];
        foreach (string name in names)
        {
            Directory.CreateDirectory(Place(""));
            Programs.Run("rm", "-rf", Place(name), Place(name + ".key"));
            RepositoryOpener.Create(
                RepositoryOpener.CreateStore(new RepositoryLocation(Place(name))), Credentials(name), "golden",
                new RepositoryOptions { CacheRoot = d["cache"] },
                h => name == "v1-keyfile"
                ? h with { PackSize = 32 << 10, BlockSize = 16 << 10, ChunkMin = 1 << 10, ChunkAverage = 2 << 10, ChunkMax = 8 << 10 } : h);
        }

        var manifest = new SortedDictionary<int, List<string>>();
        for (int step = 0; step < 3; step++)
        {
            if (step == 0) { GoldenSource.Create(d["source"]); }
            else { GoldenSource.Change(d["source"], step); }
            manifest[step + 1] = Manifest.Of(d["source"]);
            foreach (string name in names)
            {
                using Repository repository = Repository.Open(new RepositoryLocation(Place(name)), Credentials(name),
                    new RepositoryOptions { CacheRoot = d["cache"] });
                BackupResult result = BackupRunner.Run(
                    repository,
                    new BackupOptions
                    {
                        RootPath = Encoding.UTF8.GetBytes(d["source"]), Source = "golden",
                        Tags = [step switch { 0 => "first", 1 => "second", _ => "third" }]
                    },
                    new BackupMonitor(), TestContext.Current.CancellationToken);
                Assert.Equal(0, result.FailureCount);
                RequireShapes(repository, result.Snapshot);
            }
        }

        // A line that several snapshots share stands once, after their numbers; in the order of the last that has it.
        var lines = new List<string>();
        foreach (string line in manifest.Values.Reverse().SelectMany(static m => m).Distinct())
        {
            lines.Add(string.Concat(manifest.Where(m => m.Value.Contains(line)).Select(static m => m.Key)) + " " + line);
        }

        File.WriteAllLines(Place("v1-manifest.txt"), lines);
        foreach (string name in names) { Programs.Run("chmod", "-R", "u+w", Place(name)); }
    }

    /// <summary>The golden repositories are worth something only if they have all shapes of meta chunks.</summary>
    private static void RequireShapes(Repository repository, Snapshot snapshot)
    {
        var kinds = new HashSet<MetaKind>();
        void Below(ChunkId tree, bool root)
        {
            var table = new EntryTable();
            TreeReader.Read(tree, Seen, table, root);
            for (int i = 0; i < table.Count; i++)
            {
                if (table.Stat(i).Kind == EntryKind.Directory) { Below(DetailsCodec.ChildTree(table.Details(i)), false); }
                else if (table.Stat(i).Kind == EntryKind.File)
                {
                    Assert.Equal(table.Stat(i).Size, FileExtents.Of(table.Details(i), table.Stat(i).Size, Seen).Sum(static e => e.Length));
                }
            }
        }

        ReadOnlyMemory<byte> Seen(ChunkId id)
        {
            ReadOnlyMemory<byte> chunk = repository.MetaChunks.Read(id);
            kinds.Add((MetaKind)chunk.Span[0]);
            return chunk;
        }

        Below(snapshot.RootTree, true);
        Assert.Equal([MetaKind.TreeLeaf, MetaKind.TreeNode, MetaKind.ExtentLeaf, MetaKind.ExtentNode], kinds.Order());
    }

    /// <summary>The lines of each snapshot, as the reader beside this file tells them.</summary>
    internal static Dictionary<int, List<string>> ReadByPython(string name) => ReadByPython(Place(name),
        Credentials(name).Password is not null ? ["--password", Password] : ["--key-file", Place(name + ".key")]);

    internal static Dictionary<int, List<string>> ReadByPython(string place, string[] credential)
    {
        // Debian's, which has python3-cryptography.
        string[] lines = Run(["/usr/bin/python3", Place("read_v1.py"), place, .. credential]).TrimEnd('\n').Split('\n');
        var read = new Dictionary<int, List<string>>();
        foreach (string line in lines)
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            int snapshot = int.Parse(line[..space], System.Globalization.CultureInfo.InvariantCulture);
            if (!read.TryGetValue(snapshot, out List<string>? list)) { read[snapshot] = list = []; }
            list.Add(line[(space + 1)..]);
        }

        return read;
    }

    /// <summary>The lines of a snapshot's manifest.</summary>
    internal static List<string> Expected(int snapshot, string name = "v1")
    {
        char digit = (char)('0' + snapshot);
        List<string> lines = [.. File.ReadLines(Place(name + "-manifest.txt"))
            .Where(l => l[..l.IndexOf(' ', StringComparison.Ordinal)].Contains(digit, StringComparison.Ordinal))
            .Select(static l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
        lines.Sort(ByPath);
        return lines;
    }

    /// <summary>In the order of a walk: names compare as bytes, a directory comes before what is below it.</summary>
    private static int ByPath(string a, string b)
    {
        string[] x = Components(a), y = Components(b);
        for (int i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            int c = string.CompareOrdinal(x[i], y[i]);
            if (c != 0) { return c; }
        }

        return x.Length.CompareTo(y.Length);
    }

    private static string[] Components(string line)
    {
        string path = line[..line.IndexOf(' ', StringComparison.Ordinal)];
        return path == "." ? [] : [.. path.Split('/').Select(Unescape)];
    }

    private static string Unescape(string component)
    {
        var text = new StringBuilder();
        for (int i = 0; i < component.Length; i++)
        {
            if (component[i] != '%') { text.Append(component[i]); }
            else
            {
                text.Append((char)Convert.ToByte(component.Substring(i + 1, 2), 16));
                i += 2;
            }
        }

        return text.ToString();
    }

    private static int DataPacks(string name)
    {
        using var d = new ZooDirectory();
        using Repository repository = Repository.Open(new RepositoryLocation(Place(name)), Credentials(name),
            new RepositoryOptions { CacheRoot = d["cache"] });
        return repository.Indexes.Packs().Count(static p => p.Kind == PackKind.Data);
    }

    // A clone's files may be read by others; a key may not.
    private static readonly Lazy<string> s_key = new(static () =>
    {
        string place = Directory.CreateTempSubdirectory("varve-golden-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(place, recursive: true);
        return KeyPlace.Of(place, File.ReadAllText(Place("v1-keyfile.key")));
    });

    internal static Credentials Credentials(string name) =>
        name is "v1-password" or "v1-delta"
        ? new Credentials { Password = Password } : new Credentials { KeyFilePath = s_key.Value };

    internal static string Place(string name)
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            string golden = Path.Combine(at, "tests", "Varve.Tests", "Golden");
            if (Directory.Exists(golden)) { return Path.Combine(golden, name); }
        }

        throw new DirectoryNotFoundException("tests/Varve.Tests/Golden is not above " + AppContext.BaseDirectory);
    }

    internal static string Run(List<string> command)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result + "\n(needs Debian's python3-cryptography and zstd; ./test installs them)");
        return output;
    }
}
