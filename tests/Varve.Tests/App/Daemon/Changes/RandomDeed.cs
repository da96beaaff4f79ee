using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.App.Daemon.Changes;

/// <summary>
/// Whatever may be done to a tree and beside it, by chance: the same deeds for the same seed, if nobody else does any. What cannot be done
/// is not.
/// </summary>
internal sealed class RandomDeed(string tree, string outside, int seed) : IDisposable
{
    private const int Names = 7, Levels = 4;

    private readonly Random _random = new(seed);
    private readonly List<(MemoryMappedFile File, MemoryMappedViewAccessor View)> _mapped = [];
    private readonly List<FileStream> _open = [];
    private readonly List<string> _mounts = [];

    /// <summary>Whether file systems are mounted, too.</summary>
    internal bool Mounts { get; init; }

    /// <summary>Does something.</summary>
    internal void Do()
    {
        try { Do(_random.Next(Mounts ? 24 : 22)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ZooException)
        {
            // it cannot be done
        }
    }

    private void Do(int what)
    {
        string one = Any(), other = Any();
        byte[] oneBytes = Encoding.UTF8.GetBytes(one), otherBytes = Encoding.UTF8.GetBytes(other);
        bool isDirectory = Directory.Exists(one) && new FileInfo(one).LinkTarget is null;
        switch (what)
        {
            case 0 or 1: Directory.CreateDirectory(one); break;
            case 2 or 3 or 4 when !isDirectory: File.WriteAllText(one, Text()); break;
            case 5: File.AppendAllText(one, Text()); break;
            case 6: using (FileStream file = File.OpenWrite(one)) { file.SetLength(_random.Next(100)); } break;
            case 7 or 8 when isDirectory: Directory.Move(one, other); break;
            case 7 or 8 or 9: File.Move(one, other, overwrite: true); break;
            case 10 or 11: ZooPosix.Link(oneBytes, otherBytes); break;
            case 12 when isDirectory && one != tree && one != outside: Directory.Delete(one, recursive: true); break;
            case 12 or 13: File.Delete(one); break;
            case 14 when Path.Exists(one): ZooPosix.Chmod(oneBytes, (uint)_random.Next(0x200) | 0x1C0); break;
            case 15: ZooPosix.SetXattr(oneBytes, "user.test", Encoding.UTF8.GetBytes(Text())); break;
            case 16: ZooPosix.SetTime(oneBytes, _random.Next(), 1); break;
            case 17: File.CreateSymbolicLink(one, Text()); break;
            case 18: Map(one); break;
            case 19 when _mapped.Count > 0: _mapped[_random.Next(_mapped.Count)].View.Write(_random.Next(4000), _random.Next()); break;
            case 20: Keep(one); break;
            case 21: LetGo(); break;
            case 22: Mount(one); break;
            case 23: Unmount(); break;
            default: break;
        }
    }

    // Mostly in the tree, now and then beside it.
    private string Any()
    {
        string path = _random.Next(5) == 0 ? outside : tree;
        for (int i = _random.Next(Levels); i > 0; i--)
        {
            string next = Path.Combine(path, Name());
            if (!Directory.Exists(next) || new FileInfo(next).LinkTarget is not null) { break; }
            path = next;
        }

        return Path.Combine(path, Name());
    }

    private string Name() => ((char)('a' + _random.Next(Names))).ToString();

    private string Text() => _random.Next(1000).ToString(CultureInfo.InvariantCulture);

    private void Map(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).LinkTarget is not null || _mapped.Count > 3) { return; }
        using (FileStream file = File.OpenWrite(path)) { file.SetLength(4096); }
        var mapped = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _mapped.Add((mapped, mapped.CreateViewAccessor()));
    }

    private void Keep(string path)
    {
        if (_open.Count < 4 && !Directory.Exists(path))
        {
            const FileShare all = FileShare.ReadWrite | FileShare.Delete;
            _open.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, all, 0));
        }

        if (_open.Count > 0) { _open[_random.Next(_open.Count)].WriteByte((byte)_random.Next(256)); }
    }

    private void LetGo()
    {
        if (_open.Count > 0)
        {
            _open[0].Dispose();
            _open.RemoveAt(0);
        }

        if (_mapped.Count == 0) { return; }
        _mapped[0].View.Dispose();
        _mapped[0].File.Dispose();
        _mapped.RemoveAt(0);
    }

    private void Mount(string path)
    {
        if (!Directory.Exists(path) || new FileInfo(path).LinkTarget is not null || _mounts.Count > 1) { return; }
        Programs.Run("mount", _random.Next(2) == 0 ? ["--bind", outside, path] : ["-t", "tmpfs", "tmpfs", path]);
        _mounts.Add(path);
    }

    private void Unmount()
    {
        if (_mounts.Count == 0) { return; }
        string path = _mounts[^1];
        _mounts.RemoveAt(_mounts.Count - 1);
        // What it lay in may have another name by now.
        string? place = File.ReadLines("/proc/self/mountinfo").Select(static l => l.Split(' ')[4])
            .LastOrDefault(p => p.StartsWith(tree, StringComparison.Ordinal) || p.StartsWith(outside, StringComparison.Ordinal));
        Programs.Run("umount", "-l", place ?? path);
    }

    public void Dispose()
    {
        while (_open.Count + _mapped.Count > 0) { LetGo(); }
        while (_mounts.Count > 0)
        {
            try { Unmount(); }
            catch (InvalidOperationException) { /* it went with what it lay in */ }
        }
    }
}
