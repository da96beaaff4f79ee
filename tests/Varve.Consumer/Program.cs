using System.Text;
using Varve;

namespace Varve.Consumer;

/// <summary>
/// What a program does with the library: once with a local repository, once with a store of its own. Its argument is a directory to work
/// in.
/// </summary>
internal static class Program
{
    private static readonly byte[] s_letter = "Dear reader,\n"u8.ToArray();

    private static int Main(string[] arguments)
    {
        string work = arguments[0];
        string source = Directory.CreateDirectory(Path.Combine(work, "source", "letters")).Parent!.FullName;
        File.WriteAllBytes(Path.Combine(source, "letters", "first"), s_letter);
        File.WriteAllBytes(Path.Combine(source, "zeros"), new byte[100_000]);

        var location = new RepositoryLocation(Path.Combine(work, "repository"));
        var key = new Credentials { KeyFilePath = Path.Combine(work, "key") };
        RepositoryOptions options = Options(Path.Combine(work, "cache"));
        using (Repository made = Repository.Init(location, key, "first", options))
        {
            Require(made.Level == KeyLevel.Full, "the key is a full one");
        }
        using (Repository repository = Repository.Open(location, key, options)) { Use(repository, source, Path.Combine(work, "restored")); }
        Console.WriteLine("a local repository: done");

        try
        {
            Repository.Open(new RepositoryLocation(Path.Combine(work, "nothing")), key, options).Dispose();
            throw new InvalidOperationException("opened what is not there");
        }
        catch (VarveException e) when (e.Kind == ErrorKind.NoRepository) { Console.WriteLine($"an error: {e.Subject.Kind}"); }

#pragma warning disable VARVE001 // stores of one's own are experimental
        var store = new MemoryStore();
        var password = new Credentials { Password = "correct horse" };
        RepositoryOptions apart = Options(Path.Combine(work, "cache-of-memory"));
        using (Repository made = Repository.Init(store, password, "first", apart))
        {
            Use(made, source, Path.Combine(work, "restored-from-memory"));
        }
        using (Repository again = Repository.Open(store, password, apart))
        {
            Require(again.Snapshots().Count == 1, "the store keeps what it was given");
        }
#pragma warning restore VARVE001
        Console.WriteLine("a store of its own: done");
        return 0;
    }

    private static RepositoryOptions Options(string cache) => new()
    {
        CacheRoot = cache,
        Host = new HostEnvironment { Name = "desk", User = "reader", Processors = 2 },
        Warn = notice => throw new InvalidOperationException($"warned of {notice}"),
    };

    private static void Use(Repository repository, string source, string target)
    {
        var monitor = new BackupMonitor();
        BackupResult saved = repository.Backup(new BackupOptions { RootPath = Encoding.UTF8.GetBytes(source), Source = "letters" },
            monitor);
        Require(saved.FailureCount == 0 && saved.Snapshot.Counts.Files == 2 && monitor.Read().Files == 2, "two files are saved");
        Require(saved.Snapshot.Private is { Host: "desk", User: "reader" }, "the snapshot has the host and user it was told");

        SnapshotInfo snapshot = repository.FindSnapshot("latest", new SourceFilter { Source = "letters" });
        Require(snapshot.Name == saved.Name, "the snapshot is found");
        var paths = new List<string>();
        repository.ListEntries(snapshot, path: null, recursive: true,
            entry => paths.Add($"{entry.Kind} {Encoding.UTF8.GetString(entry.Path)} {entry.Size}"),
            failed => paths.Add(failed.Message));
        Require(paths.SequenceEqual(["Directory letters 0", $"File letters/first {s_letter.Length}", "File zeros 100000"]),
            string.Join(", ", paths));
        var found = new List<FoundRevision>();
        repository.FindRevisions("fir*", found.Add);
        Require(found is [{ IsCurrent: true, Source: "letters" }], "a revision is found");

        using var content = new MemoryStream();
        repository.ReadFile(snapshot, "letters/first"u8.ToArray(), content);
        Require(content.ToArray().AsSpan().SequenceEqual(s_letter), "the file is read");

        RestoreResult restored = repository.Restore(new RestoreOptions { Snapshot = snapshot, Target = Encoding.UTF8.GetBytes(target) });
        Require(restored is { FailureCount: 0, Files: 2 }, "two files are restored");
        Require(File.ReadAllBytes(Path.Combine(target, "letters", "first")).AsSpan().SequenceEqual(s_letter), "as they were");

        Require(repository.Check(new CheckOptions { ReadData = true }).DamageCount == 0, "nothing is damaged");
        Require(repository.Statistics() is { Snapshots: 1 } counted && counted.Repository == repository.Id, "it is counted");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) { throw new InvalidOperationException("It does not hold: " + what); }
    }
}
