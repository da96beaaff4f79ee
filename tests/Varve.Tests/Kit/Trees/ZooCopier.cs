using System.Collections.Concurrent;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Target;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Kit.Trees;

/// <summary>
/// Copies a tree with nothing but the classes that restore uses, by several threads, as a restore would: further names of files last.
/// </summary>
internal sealed class ZooCopier
{
    private readonly MetadataSetter _setter;
    private readonly FileWriter _files;
    private readonly SpecialFiles _special;
    private readonly BlockingCollection<(byte[] Source, TargetDirectory Target)> _work = [];
    private readonly Dictionary<ulong, (TargetDirectory Directory, byte[] Name, uint Attributes)> _first = [];
    private readonly List<(ulong Inode, TargetDirectory Directory, byte[] Name)> _links = [];
    private int _pending = 1;

    public ZooCopier()
    {
        _setter = new MetadataSetter(Losses);
        _files = new FileWriter(_setter);
        _special = new SpecialFiles(_setter);
    }

    public MetadataLosses Losses { get; } = new();

    public ConcurrentBag<string> Failures { get; } = [];

    /// <summary>Files of up to this many bytes are written in one go, larger and sparse ones at offsets.</summary>
    public int Small { get; init; } = 65_536;

    /// <summary>Copies. With 0 threads the calling thread does it, with its own credentials.</summary>
    public void Copy(string from, string to, int threads = 3, int maxOpen = 8, bool merge = false)
    {
        byte[] source = ZooPosix.Path(from);
        TargetDirectory root = Target.Open(to, merge, d => Note(d, [], _setter.FinishDirectory(d, d.Stat, d.Details)), maxOpen);
        Describe(root, source, StatAt(-100, source));
        root.AddReference();
        _work.Add((source, root));
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work))];
        if (threads == 0) { Work(); }
        foreach (Thread t in workers) { t.Start(); }
        foreach (Thread t in workers) { t.Join(); }
        foreach ((ulong inode, TargetDirectory directory, byte[] name) in _links)
        {
            (TargetDirectory first, byte[] firstName, uint _) = _first[inode];
            Note(directory, name, SpecialFiles.Link(first, firstName, IdOf(first, firstName), directory, name));
            directory.Release();
        }

        foreach ((TargetDirectory directory, byte[] name, uint attributes) in _first.Values)
        {
            if (attributes != 0) { Note(directory, name, _setter.SetFlags(directory, name, IdOf(directory, name), attributes)); }
            directory.Release();
        }

        root.Release();
    }

    private void Work()
    {
        foreach ((byte[] source, TargetDirectory target) in _work.GetConsumingEnumerable())
        {
            try { Fill(source, target); }
            catch (Exception e) when (e is IOException or VarveException) { Failures.Add(e.ToString()); }
            target.Release();
            if (Interlocked.Decrement(ref _pending) == 0) { _work.CompleteAdding(); }
        }
    }

    private void Fill(byte[] source, TargetDirectory target)
    {
        int fd = OpenAt(-100, source, DirectoryOnly);
        List<byte[]> names = List(fd);
        foreach (byte[] name in names)
        {
            ZooStat stat = StatAt(fd, name);
            if (stat.Kind == EntryKind.Directory)
            {
                RestoreOutcome made = target.CreateChild(name, out TargetDirectory? child);
                if (child is null)
                {
                    Note(target, name, made);
                    continue;
                }
                byte[] path = [.. source, (byte)'/', .. name];
                Describe(child, path, stat);
                Interlocked.Increment(ref _pending);
                _work.Add((path, child));
            }
            else if (stat.Links == 1 || IsFirst(stat, target, name)) { Note(target, name, Leaf(fd, name, stat, target)); }
        }

        Close(fd);
    }

    private bool IsFirst(ZooStat stat, TargetDirectory target, byte[] name)
    {
        target.AddReference();
        lock (_first)
        {
            if (_first.TryAdd(stat.Inode, (target, name, stat.Kind == EntryKind.File ? stat.Attributes : 0))) { return true; }
            _links.Add((stat.Inode, target, name));
            return false;
        }
    }

    private RestoreOutcome Leaf(int fd, byte[] name, ZooStat stat, TargetDirectory target)
    {
        EntryDetails details = Details(fd, name, stat);
        if (stat.Kind != EntryKind.File) { return _special.Create(target, name, stat.ToEntry(), details); }
        int file = OpenAt(fd, name, NoFollow);
        try
        {
            if (stat.Size <= Small && stat.Blocks * 512 >= stat.Size)
            {
                var content = new byte[stat.Size];
                Read(file, content, 0);
                return _files.WriteSmall(target, name, content, stat.ToEntry(), details);
            }

            RestoreOutcome created = _files.CreateFile(target, name, stat.Size, out RestoredFile? restored);
            if (restored is null) { return created; }
            long at = 0;
            while ((at = SeekData(file, at)) < stat.Size)
            {
                long end = Math.Min(SeekHole(file, at), stat.Size);
                for (; at < end;)
                {
                    var piece = new byte[Math.Min(100_000, end - at)];
                    at += Read(file, piece, at);
                    restored.WriteAt(piece, at - piece.Length);
                }
            }

            return restored.Finish(stat.ToEntry(), details);
        }
        finally { Close(file); }
    }

    private static void Describe(TargetDirectory directory, byte[] source, ZooStat stat)
    {
        int fd = OpenAt(-100, source, DirectoryOnly);
        directory.Stat = stat.ToEntry();
        directory.Details = Details(fd, "."u8.ToArray(), stat);
        Close(fd);
    }

    private static EntryDetails Details(int fd, byte[] name, ZooStat stat) => new()
    {
        Xattrs = [.. XattrsAt(fd, name).Select(static x => new Xattr(Encoding.Latin1.GetBytes(x.Key), x.Value))],
        SymlinkTarget = stat.Kind == EntryKind.Symlink ? ReadLinkAt(fd, name) : null,
        Device = stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice ? stat.Rdev : null,
        LinkGroup = stat.Links > 1 && stat.Kind != EntryKind.Directory ? stat.Inode : 0,
        Attributes = stat.Attributes,
    };

    private static TargetFileId IdOf(TargetDirectory directory, byte[] name)
    {
        directory.Pin(out TargetPin pin);
        using (pin)
        {
            Assert.Equal(0, Posix.StatAt(pin.Descriptor, name, out EntryStat stat));
            return TargetFileId.Of(in stat);
        }
    }

    private void Note(TargetDirectory directory, byte[] name, RestoreOutcome outcome)
    {
        if (!outcome.Ok) { Failures.Add($"{directory.DisplayPath(name)}: {outcome.Message}"); }
    }
}
