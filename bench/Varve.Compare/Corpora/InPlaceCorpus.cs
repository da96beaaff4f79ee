using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Compare.Measure;
using Varve.Compare.Run;

namespace Varve.Compare.Corpora;

/// <summary>
/// Large files that change a little, one in a folder for each row: random bytes of which pages are overwritten, the same with insertions,
/// an SQLite database under updates, and an ext4 image that is mounted and written to. Each tool makes the file of a row anew, so that all
/// start from the same.
/// </summary>
internal sealed class InPlaceCorpus : Corpus
{
    /// <summary>What changes are counted in.</summary>
    public const int Block = 4096;

    private const long Length = 1_000_000_000;
    private const int Step = 4_000_000;

    private const string MakeDatabase = """
        sqlite3 "$1" "pragma page_size=4096; create table t(id integer primary key, name text, value blob);
        with recursive n(i) as (select 1 union all select i+1 from n where i<600000) insert into t select i, hex(randomblob(16)), randomblob(200) from n; create index by_name on t(name);"
        """;

    private const string ChangeDatabase = """
        sqlite3 "$1" "update t set value=randomblob(200) where id in (select abs(random()) % 600000 from t limit 500); insert into t(name, value) select hex(randomblob(16)), randomblob(200) from t limit 100;
        delete from t where id in (select abs(random()) % 600000 from t limit 100);"
        """;

    private const string MakeImage = """
        truncate -s 512M "$1" && mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$1" && mkdir -p "$2" && mount -o loop "$1" "$2" || exit 1
        for i in $(seq 250); do head -c 1000000 /dev/urandom > "$2/file$i" || break; done; umount "$2"
        """;

    private const string ChangeImage = """
        mount -o loop "$1" "$2" || exit 1
        for i in $(seq 60); do dd if=/dev/urandom of="$2/file$((RANDOM % 250 + 1))" bs=4096 count=2 seek=$((RANDOM % 240)) conv=notrunc status=none; done
        for i in $(seq 10); do rm -f "$2/file$((RANDOM % 250 + 1))"; head -c 20000 /dev/urandom > "$2/new$RANDOM"; done; umount "$2"
        """;

    /// <summary>The folder of a row, which is what is backed up.</summary>
    public string Folder(Row row) => Path.Combine(Root, row.Key);

    /// <summary>Makes the file of a row anew; what failed, or null.</summary>
    public string? Make(CommandRunner runner, Row row)
    {
        string folder = Folder(row), file = Path.Combine(folder, "file");
        if (Directory.Exists(folder)) { Directory.Delete(folder, recursive: true); }
        Directory.CreateDirectory(folder);
        if (row == Row.Database || row == Row.Image)
        {
            CommandResult result = runner.Run(Command.Shell(row == Row.Database ? MakeDatabase : MakeImage, file, Mount));
            return result.Succeeded ? null : result.Failure;
        }

        var random = new Random(42);
        byte[] buffer = new byte[Step];
        using FileStream stream = File.Create(file, bufferSize: 0);
        for (long left = Length; left > 0; left -= Step)
        {
            random.NextBytes(buffer);
            stream.Write(buffer);
        }

        return null;
    }

    /// <summary>Changes it; tells how many bytes the blocks have that changed, or what failed.</summary>
    public (long Bytes, string? Failure) Change(CommandRunner runner, Row row, int number)
    {
        Touched();
        string file = Path.Combine(Folder(row), "file");
        if (row == Row.Pages) { return (ChangePages(file, number), null); }
        if (row == Row.Insertions) { return (Insert(file, number), null); }
        HashSet<(long, ulong)> before = Blocks(file);
        CommandResult result = runner.Run(Command.Shell(row == Row.Database ? ChangeDatabase : ChangeImage, file, Mount));
        if (!result.Succeeded) { return (0, result.Failure); }
        HashSet<(long, ulong)> after = Blocks(file);
        after.ExceptWith(before);
        return (after.Count * (long)Block, null);
    }

    /// <inheritdoc/>
    protected override void Write(CommandRunner runner) => Directory.CreateDirectory(Root);

    private string Mount => Path.Combine(Path.GetDirectoryName(Root)!, "mounted");

    // 0.1 % of the pages.
    private static long ChangePages(string path, int seed)
    {
        var random = new Random(seed);
        using FileStream file = File.OpenWrite(path);
        long pages = file.Length / Block;
        HashSet<long> chosen = [];
        while (chosen.Count < pages / 1000) { chosen.Add(random.NextInt64(pages)); }
        byte[] page = new byte[Block];
        foreach (long at in chosen)
        {
            random.NextBytes(page);
            file.Position = at * Block;
            file.Write(page);
        }

        return chosen.Count * (long)Block;
    }

    // 1,000 times 1 to 100 bytes; counted are the blocks they fall into.
    private static long Insert(string path, int seed)
    {
        var random = new Random(seed);
        HashSet<long> touched = [];
        using (FileStream from = File.OpenRead(path))
        {
            List<long> places = [.. Enumerable.Range(0, 1000).Select(_ => random.NextInt64(from.Length)).Order()];
            using FileStream to = File.Create(path + ".new", 1 << 20);
            byte[] buffer = new byte[1 << 20];
            foreach (long place in places.Append(from.Length))
            {
                while (from.Position < place)
                {
                    int read = from.Read(buffer, 0, (int)Math.Min(buffer.Length, place - from.Position));
                    to.Write(buffer, 0, read);
                }

                if (place == from.Length) { break; }
                byte[] fresh = new byte[random.Next(1, 101)];
                random.NextBytes(fresh);
                to.Write(fresh);
                touched.Add(place / Block);
            }
        }

        File.Move(path + ".new", path, overwrite: true);
        return touched.Count * (long)Block;
    }

    private static HashSet<(long Place, ulong Hash)> Blocks(string path)
    {
        HashSet<(long, ulong)> blocks = [];
        byte[] buffer = new byte[Block];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        for (long place = 0; ; place++)
        {
            int read = file.ReadAtLeast(buffer, Block, throwOnEndOfStream: false);
            if (read == 0) { return blocks; }
            blocks.Add((place, BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(buffer.AsSpan(0, read)))));
        }
    }
}
