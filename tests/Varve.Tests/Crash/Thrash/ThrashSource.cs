using System.Globalization;
using System.Text;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Crash.Thrash;

/// <summary>
/// A small tree in many versions, of each of which a copy is kept. Names are random bytes. Contents come from a small set, and all sources
/// share it: what a prune is about to delete is often what somebody stores again.
/// </summary>
internal sealed class ThrashSource
{
    private const int Names = 9, Contents = 40, Folders = 3, AtFirst = 20, MostChanges = 8, Largest = 60_000;
    private const string Marker = "version";

    private readonly string _kept;
    private readonly byte[][] _names, _folders;
    private readonly HashSet<string> _files = []; // as Latin 1

    internal ThrashSource(string path, string kept, Random random)
    {
        (Path, _kept) = (path, kept);
        Directory.CreateDirectory(path);
        Directory.CreateDirectory(kept);
        _names = [.. Enumerable.Range(0, Names).Select(n => Name(random, n))];
        _folders = [.. Enumerable.Range(0, Folders).Select(n => Name(random, Names + n))];
        foreach (byte[] folder in _folders) { ZooPosix.MakeDirectory(ZooPosix.Path(path, folder)); }
        Change(random, AtFirst);
    }

    /// <summary>What is backed up.</summary>
    internal string Path { get; }

    /// <summary>Counts its states.</summary>
    internal int Version { get; private set; }

    /// <summary>Backups that read it, or will when they are woken: meanwhile it stays as it is.</summary>
    internal int Readers { get; set; }

    /// <summary>Which state a restored tree says that it is.</summary>
    internal static int VersionOf(string tree) =>
        int.Parse(File.ReadAllText(System.IO.Path.Combine(tree, Marker)), CultureInfo.InvariantCulture);

    /// <summary>The copy of a state.</summary>
    internal string Kept(int version) => System.IO.Path.Combine(_kept, version.ToString(CultureInfo.InvariantCulture));

    /// <summary>Another state.</summary>
    internal void Change(Random random) => Change(random, 1 + random.Next(MostChanges));

    private void Change(Random random, int changes)
    {
        for (int i = 0; i < changes; i++) { ChangeOne(random); }
        Version++;
        File.WriteAllText(System.IO.Path.Combine(Path, Marker), Version.ToString(CultureInfo.InvariantCulture));
        FileClock.Settle();
        Programs.Run("cp", "-a", Path, Kept(Version));
    }

    private void ChangeOne(Random random)
    {
        int folder = random.Next(Folders + 1);
        byte[] directory = folder == Folders ? Encoding.UTF8.GetBytes(Path) : ZooPosix.Path(Path, _folders[folder]);
        byte[] path = [.. directory, (byte)'/', .. _names[random.Next(Names)]];
        bool isThere = _files.Remove(Encoding.Latin1.GetString(path));
        if (isThere) { ZooPosix.Unlink(path); }
        if (isThere && random.Next(3) == 0) { return; }
        if (random.Next(12) == 0) { ZooPosix.Symlink(_names[random.Next(Names)], path); }
        else
        {
            int content = random.Next(Contents);
            ZooPosix.WriteFile(path, MixedTree.Bytes(content, content * content % 7 * (Largest / 7) + content));
        }

        _files.Add(Encoding.Latin1.GetString(path));
    }

    // The first byte tells them apart, and from the marker.
    private static byte[] Name(Random random, int number)
    {
        byte[] name = [(byte)(1 + number), .. Some.Bytes(random, random.Next(12))];
        for (int i = 0; i < name.Length; i++) { if (name[i] is 0 or (byte)'/') { name[i] = 0xff; } }
        return name;
    }
}
