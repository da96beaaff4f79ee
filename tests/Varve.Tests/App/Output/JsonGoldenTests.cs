using System.Text;
using Varve.App;
using Varve.App.Host;
using Varve.App.Settings.Values;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.App.Output;

/// <summary>
/// Every command with <c>--json</c> over a repository that is always the same, as it was printed before results became types: members,
/// their order, what is null, and how text is escaped (docs/json.md).
/// </summary>
public sealed class JsonGoldenTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly StringBuilder _text = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void What_every_command_prints_is_what_was_recorded()
    {
        string source = Source();
        Run("stats", "-r", At("nowhere"));
        Run("backup", "--workers", "1", "--tag", "a \"quoted\" <é> & '\u2028\U0001F600\\", "--tag", "n", "--exclude", "*.o", source);
        Run("backup", "--workers", "1", source);
        File.WriteAllText(Path.Combine(source, "letters", "to-anna.txt"), "dear Anna, once more");
        Directory.Move(Path.Combine(source, "old"), Path.Combine(source, "moved"));
        Run("backup", "--workers", "1", source);
        Run("snapshots");
        Sorted("ls", "-R");
        Run("ls", "latest:letters");
        Sorted("find", "*");
        Run("unstable");
        Run("restore", "--target", At("restored"));
        foreach (string entry in Directory.GetFileSystemEntries(At("restored"))) { Remove(entry); }
        ZooPosix.WriteFile(ZooPosix.Path(At("restored"), [0xFF, (byte)'\n', (byte)'b']), "mine"u8.ToArray());
        Run("restore", "--overwrite", "--target", At("restored"));
        Run("check");
        Run("check", "--read-data");
        Run("stats");
        Run("catalog", "status");
        Run("catalog", "rebuild");
        Run("sql", "select 1 as n, 2.5 as n, x'00ff' as b, null as z, 'a\"\u00e9<' as t, 1e999 as i");
        Run("key", "list");
        Run("key", "add", "--level", "write", "--label", "the \"writer\"", "--new-key-file", At("writer.key"));
        Run("snapshots", "--key-file", At("writer.key"), "--cache-dir", At("other"));
        Run("catalog", "status", "--cache-dir", At("third"));
        Run("key", "passwd", "the \"writer\"", "--new-key-file", At("writer2.key"));
        Run("key", "remove", "the \"writer\"");
        Run("key", "export", "--output", At("home/paper.txt"));
        Run("key", "import", At("home/paper.txt"), "--new-key-file", At("paper.key"));
        Run("init", "-r", At("second"), "--key-file", At("second.key"));
        // The newest, whatever order the files were made in.
        FileClock.Settle();
        File.SetUnixFileMode(Path.Combine(source, "report.odt"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        FileClock.Settle();
        Run("backup", "-r", At("second"), "--key-file", At("second.key"), "--workers", "1", "--newest-first", "--budget", "1K", source);
        Run("ls", "-r", At("second"), "--key-file", At("second.key"), "--pending");
        Run("dump", "latest:report.odt");
        Damage();
        Run("check", "--read-data");
        GoldenText.Assert("json.txt", GoldenText.Normalise(_text.ToString(), _d.Path));
    }

    private string At(string name) => Path.Combine(_d.Path, name);

    private void Run(params string[] args) => Print(args, static text => text);

    /// <summary>For lists whose order is that of the catalog.</summary>
    private void Sorted(params string[] args) =>
        Print(args,
        static text =>
        string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(static l => l + "\n")));

    private void Print(string[] args, Func<string, string> arrange)
    {
        using var output = new MemoryStream();
        var error = new StringWriter { NewLine = "\n" };
        int code = Program.Run([.. args, "--json"], new Surroundings
        {
            Output = output,
            Error = error,
            Environment = name => name == "HOME" ? At("home") : null,
        });
        _text.Append("$ varve ").AppendJoin(' ', args.Select(static a => a.Replace('\n', ' '))).Append('\n')
            .Append(arrange(Encoding.UTF8.GetString(output.ToArray()))).Append(error).Append("exit ").Append(code).Append("\n\n");
    }

    private string Source()
    {
        string source = At("Documents");
        Directory.CreateDirectory(Path.Combine(source, "letters"));
        Directory.CreateDirectory(Path.Combine(source, "old"));
        Write("Documents/report.odt", new string('r', 3000));
        Write("Documents/letters/to-anna.txt", "dear Anna");
        Write("Documents/old/to-b\u00f6b \"quoted\".txt", "dear Bob");
        Write("Documents/empty", "");
        Write("Documents/left.o", "out");
        var photo = new byte[200_000];
        new Random(7).NextBytes(photo);
        File.WriteAllBytes(At("Documents/photo.raw"), photo);
        File.CreateSymbolicLink(Path.Combine(source, "link"), "report.odt");
        ZooPosix.WriteFile(ZooPosix.Path(source, [0xFF, (byte)'\n', (byte)'b']), "bytes"u8.ToArray());
        // Settled long ago: nothing is read twice for want of a proof that it held still.
        DateTime then = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories).Where(static f => !f.Contains('\uFFFD')))
        {
            File.SetLastWriteTimeUtc(file, then);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        foreach (string directory in (string[])[source, Path.Combine(source, "letters"), Path.Combine(source, "old")])
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        ZooPosix.Chmod(ZooPosix.Path(source, [0xFF, (byte)'\n', (byte)'b']), 0x1A4);
        return source;
    }

    private void Write(string name, string text) => File.WriteAllText(At(name), text, new UTF8Encoding(false));

    private static void Remove(string entry)
    {
        if (entry.Contains('\uFFFD')) { return; }
        if (Directory.Exists(entry)) { Directory.Delete(entry, true); }
        else { File.Delete(entry); }
    }

    /// <summary>One byte in the middle of the largest data pack.</summary>
    private void Damage()
    {
        FileInfo pack = new DirectoryInfo(At("home/.local/share/varve/repository")).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(static f => f.FullName.Contains("/packs/", StringComparison.Ordinal)).MaxBy(static f => f.Length)!;
        File.SetUnixFileMode(pack.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using FileStream file = pack.Open(FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        int old = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(old ^ 0x55));
    }
}
