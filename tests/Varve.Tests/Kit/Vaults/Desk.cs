using System.Text;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Kit.Vaults;

/// <summary>
/// What tests of the published program share: a directory of their own with a home in it, the program, and a small source.
/// </summary>
public sealed class Desk : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly Lazy<string> _copy;

    public Desk()
    {
        Directory.CreateDirectory(this["home"]);
        Varve = new VarveProcess(this["home"]);
        _copy = new Lazy<string>(() =>
        {
            // A clone may lie where only root may go.
            Programs.Run("cp", "-rL", System.IO.Path.GetDirectoryName(VarveProcess.Program)!, this["program"]);
            Programs.Run("chmod", "-R", "a+rX", this["program"]);
            return System.IO.Path.Combine(this["program"], "varve");
        });
    }

    internal VarveProcess Varve { get; }

    /// <summary>A path in the directory.</summary>
    public string this[string name] => System.IO.Path.Combine(_d.Path, name);

    /// <summary>The program run by a user without rights, with a home of its own.</summary>
    internal VarveProcess AsNobody()
    {
        Assert.True(ZooPosix.IsRoot, "needs root");
        if (!Directory.Exists(this["nobody"]))
        {
            Directory.CreateDirectory(this["nobody"]);
            ZooPosix.Chown(ZooPosix.Path(this["nobody"]), AsUser.Nobody, AsUser.Nobody);
            ZooPosix.Chmod(ZooPosix.Path(_d.Path), 0x3FF);
        }

        return new VarveProcess(this["nobody"]) { User = AsUser.Nobody, Copy = _copy.Value };
    }

    /// <summary>A small source with a bit of everything that commands show.</summary>
    public string Source()
    {
        string source = this["Documents"];
        if (Directory.Exists(source)) { return source; }
        Directory.CreateDirectory(System.IO.Path.Combine(source, "letters/old"));
        Write("Documents/report.odt", "a report\0with zeros\r\n\u00e9");
        Write("Documents/letters/to-anna.txt", "dear Anna");
        Write("Documents/letters/old/to-bob.txt", "dear Bob");
        Write("Documents/empty", "");
        File.WriteAllBytes(this["Documents/photo.raw"], Bytes(7, 5_000_000));
        File.CreateSymbolicLink(this["Documents/link"], "report.odt");
        ZooPosix.WriteFile(ZooPosix.Path(source, [0xFF, (byte)'\n', (byte)'b']), "bytes"u8.ToArray());
        return source;
    }

    public void Write(string name, string text) => File.WriteAllText(this[name], text, new UTF8Encoding(false));

    public static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public void Dispose() => _d.Dispose();
}
