using System.Text;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Golden.Shared;

/// <summary>The two trees that the golden repository of several keys was made of. Everything in them is fixed.</summary>
internal static class SharedSource
{
    internal const string Papers = "/srv/papers", Photos = "/srv/photos";

    /// <summary>Where the cache of the machine lies that backs the papers up: it leaves that out.</summary>
    internal const string Own = "own";

    /// <summary>Papers in one of their states, from 0.</summary>
    internal static void WritePapers(string root, int state)
    {
        foreach (string folder in (string[])["", "letters", "src", "tmp", "mnt", Own])
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }

        Write(root, "report", Text(400 + state, state));
        Write(root, "letters/anna", "dear Anna\n"u8.ToArray());
        if (state >= 2) { Write(root, "letters/bob", "dear Bob\n"u8.ToArray()); }
        Write(root, "src/a.c", "int main;\n"u8.ToArray());
        Write(root, "src/a.o", [0x7F, 0x45]);
        Write(root, "tmp/scratch", "left out\n"u8.ToArray());
        if (!File.Exists(Path.Combine(root, "link"))) { File.CreateSymbolicLink(Path.Combine(root, "link"), "report"); }
        ZooPosix.SetTime(ZooPosix.Path(root, "link"), 1_600_000_000, 7);
        foreach (string folder in (string[])["letters", "src", "tmp", "mnt", ""]) { Stamp(root, folder, state); }
    }

    /// <summary>Photos: files that do not compress, the last of them the newest.</summary>
    internal static void WritePhotos(string root)
    {
        Directory.CreateDirectory(root);
        for (int i = 0; i < 6; i++)
        {
            Write(root, $"photo-{i}", Noise(i + 1, 5_000));
            ZooPosix.SetTime(ZooPosix.Path(root, $"photo-{i}"), 1_600_000_000 + i, i);
        }

        Stamp(root, "", 0);
    }

    private static void Write(string root, string name, byte[] bytes)
    {
        string path = Path.Combine(root, name);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) { return; }
        File.WriteAllBytes(path, bytes);
        ZooPosix.Chmod(ZooPosix.Path(path), 0x1A4);
        ZooPosix.SetTime(ZooPosix.Path(path), 1_600_000_000 + bytes.Length, 1);
    }

    private static void Stamp(string root, string folder, int state)
    {
        ZooPosix.Chmod(ZooPosix.Path(root, folder), 0x1ED);
        ZooPosix.SetTime(ZooPosix.Path(root, folder), 1_600_000_000 + state, 3);
    }

    private static byte[] Text(int lines, int state) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(i => $"line {i} of {(i == 200 ? state : 0)}\n")));

    /// <summary>Not of System.Random, whose sequence is nobody's promise.</summary>
    private static byte[] Noise(int seed, int count)
    {
        var bytes = new byte[count];
        uint x = (uint)seed * 2_654_435_761;
        for (int i = 0; i < count; i++)
        {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            bytes[i] = (byte)(x >> 8);
        }

        return bytes;
    }
}
