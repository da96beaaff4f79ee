using System.Buffers.Binary;
using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Vault.Objects;

/// <summary>
/// Bytes by the name of an object, in a private directory on this machine: a file for each place in the store, with one after the other, so
/// that many cost few files. It is a cache: who reads it verifies, and what cannot be written or read is not in it. Other processes add to
/// the same files. Thread-safe.
/// </summary>
internal sealed class ObjectCache : IDisposable
{
    /// <summary>What a file may take: some 20,000 snapshots of one source. More are got from the store and opened each time.</summary>
    internal const int MostBytesOfFile = 32 << 20;

    /// <summary>What all files may take.</summary>
    internal const long MostBytes = 512L << 20;

    private const int Header = Bytes32.Size + sizeof(int);
    private readonly Lock _lock = new();
    private readonly PrivateDirectory _folder;
    private readonly string _suffix;
    private readonly Dictionary<ObjectName, (int Offset, int Length)> _found = [];
    private string? _name; // the file that is read last, which is asked for again as a rule
    private byte[] _bytes = [];
    private int _used;
    private long _total = -1;

    /// <summary>Opens a directory in the repository's cache, and makes it if need be.</summary>
    /// <param name="cache">The repository's cache.</param>
    /// <param name="folder">The directory's name.</param>
    /// <param name="suffix">How the files end that are its own.</param>
    /// <exception cref="VarveException">Storage: it cannot be, or is not for this user alone.</exception>
    internal ObjectCache(PrivateDirectory cache, string folder, string suffix) =>
        (_folder, _suffix) = (cache.OpenChild(folder, Advice.ChooseCache), suffix);

    /// <summary>What is kept for an object that lies at a key; null if nothing is.</summary>
    internal byte[]? TryGet(string key, ObjectName name)
    {
        lock (_lock)
        {
            Load(FileOf(key));
            return _found.TryGetValue(name, out (int Offset, int Length) at) ? _bytes.AsSpan(at.Offset, at.Length).ToArray() : null;
        }
    }

    /// <summary>Adds one, if there is room; <paramref name="anew"/>: also where there is one, whose place it takes.</summary>
    internal void Add(string key, ObjectName name, ReadOnlySpan<byte> bytes, bool anew = false)
    {
        lock (_lock)
        {
            string file = FileOf(key);
            Load(file);
            int length = Header + bytes.Length;
            if ((_found.ContainsKey(name) && !anew) || _used + length > MostBytesOfFile || Total + length > MostBytes) { return; }
            byte[] record = new byte[length];
            name.Value.CopyTo(record);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(Bytes32.Size), bytes.Length);
            bytes.CopyTo(record.AsSpan(Header));
            // What another process adds meanwhile comes before or after it; what is cut short is the end of what is read.
            int errno = Posix.OpenAt(_folder.Fd, Encoding.UTF8.GetBytes(file),
                Posix.O_WRONLY | Posix.O_APPEND | Posix.O_CREAT | Posix.O_NOFOLLOW, Modes.PrivateFile, out SafeFd opened);
            if (errno != 0) { return; }
            errno = Posix.WriteAll(opened.Value, record);
            opened.Close();
            if (errno != 0) { return; }
            Append(record);
            _found[name] = (_used - bytes.Length, bytes.Length);
            _total = Total + length;
        }
    }

    /// <summary>Takes one out: it is not what it should be.</summary>
    internal void Remove(string key, ObjectName name)
    {
        lock (_lock)
        {
            Load(FileOf(key));
            if (_found.ContainsKey(name)) { KeepIn(FileOf(key), n => n != name); }
        }
    }

    /// <summary>Takes out what a listing of all does not have; <paramref name="keys"/> are sorted.</summary>
    internal void Keep(IReadOnlyList<string> keys)
    {
        lock (_lock)
        {
            if (_folder.List(out List<string> names) != 0) { return; }
            HashSet<string> files = [.. names.Where(n => n.EndsWith(_suffix, StringComparison.Ordinal))];
            foreach (IGrouping<string, string> place in keys.GroupBy(FileOf))
            {
                if (!files.Remove(place.Key)) { continue; }
                Load(place.Key);
                HashSet<ObjectName> listed = [];
                foreach (string key in place) { if (ObjectKeys.TryName(key, out ObjectName name)) { listed.Add(name); } }
                if (!_found.Keys.All(listed.Contains)) { KeepIn(place.Key, listed.Contains); }
            }

            foreach (string file in files)
            {
                _ = _folder.Remove(file);
                _total = -1;
            }
        }
    }

    private void KeepIn(string file, Func<ObjectName, bool> which)
    {
        using var kept = new MemoryStream();
        foreach ((ObjectName name, (int offset, int length)) in _found.Where(f => which(f.Key)))
        {
            kept.Write(_bytes, offset - Header, Header + length);
        }

        Forget();
        Replace(file, kept.ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>The file for what lies beside a key: <c>snapshots/SOURCE/NAME</c>, or <c>snapshots/NAME</c>.</summary>
    private string FileOf(string key)
    {
        int start = key.IndexOf('/') + 1, end = key.LastIndexOf('/');
        return (end > start ? key[start..end] : "none") + _suffix;
    }

    private long Total
    {
        get
        {
            if (_total >= 0) { return _total; }
            _total = 0;
            if (_folder.List(out List<string> names) != 0) { return _total; }
            foreach (string name in names) { if (_folder.Stat(name, out EntryStat stat) == 0) { _total += stat.Size; } }
            return _total;
        }
    }

    private void Load(string file)
    {
        if (_name == file) { return; }
        Forget();
        _name = file;
        int errno = Posix.OpenAt(_folder.Fd, Encoding.UTF8.GetBytes(file), Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK,
            out SafeFd opened);
        if (errno != 0) { return; }
        errno = Posix.Stat(opened.Value, out EntryStat stat);
        if (errno == 0 && stat.Kind == EntryKind.File && stat.Size <= 2L * MostBytesOfFile) { ReadAll(opened, (int)stat.Size); }
        opened.Close();
        Index();
    }

    private void ReadAll(SafeFd file, int size)
    {
        _bytes = new byte[size];
        while (_used < size && Posix.ReadAt(file.Value, _bytes.AsSpan(_used), _used, out int read) == 0 && read > 0) { _used += read; }
    }

    private void Index()
    {
        int at = 0;
        while (at + Header <= _used)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at + Bytes32.Size));
            if (length < 0 || length > _used - at - Header) { break; }
            _found[new ObjectName(_bytes.AsSpan(at, Bytes32.Size))] = (at + Header, length);
            at += Header + length;
        }

        if (at == _used) { return; }
        // Cut short, or not of this program: what comes after it would not be found.
        string file = _name!;
        byte[] good = _bytes[..at];
        Forget();
        Replace(file, good);
    }

    private void Append(byte[] record)
    {
        if (_used + record.Length > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _used + record.Length)); }
        record.CopyTo(_bytes, _used);
        _used += record.Length;
    }

    private void Replace(string file, byte[] bytes)
    {
        _total = -1;
        if (bytes.Length == 0)
        {
            _ = _folder.Remove(file);
            return;
        }

        string temporary = $"{file}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        try
        {
            using (FileStream written = _folder.Create(temporary)) { written.Write(bytes); }
            if (_folder.Rename(temporary, file) == 0) { return; }
        }
        catch (IOException)
        {
            // It is a cache.
        }

        _ = _folder.Remove(temporary);
        _ = _folder.Remove(file);
    }

    private void Forget()
    {
        _name = null;
        (_bytes, _used) = ([], 0);
        _found.Clear();
    }
}
