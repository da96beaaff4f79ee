using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Delta;

/// <summary>
/// The side store: a directory of signatures, one file each, named by a keyed hash of source and path. Its size is limited: the ones that
/// were written longest ago go first. All of it is a cache: a signature that is missing, damaged or refers to chunks that are gone costs
/// room in the repository, nothing else. Thread-safe, and several processes may use one directory.
/// </summary>
internal sealed class SignatureStore : IDisposable
{
    private const string Extension = ".sig", Temporary = ".tmp";

    private readonly DeltaKeys _keys;
    private readonly string _path;
    private readonly long _limit;
    private readonly Lock _lock = new();

    // Guarded by _lock. -1: not looked yet.
    private long _total = -1;
    private PrivateDirectory? _directory;
    private bool _isRefused;

    /// <summary>For a directory that exists, or is created when the first signature is written.</summary>
    public SignatureStore(string directory, DeltaKeys keys, long limit) => (_path, _keys, _limit) = (directory, keys, limit);

    /// <summary>The name of a file's signature.</summary>
    public string NameOf(Bytes32 source, ReadOnlySpan<byte> path)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _keys.Files);
        hash.AppendData(source.ToArray());
        hash.AppendData(path);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The signature of that name; null if there is none or it is damaged.</summary>
    public SignatureReader? Open(string name) =>
        Directory(make: false) is { } directory ? SignatureReader.TryOpen(directory, name + Extension, _keys) : null;

    /// <summary>
    /// Starts a signature; null if the limit has no room for that of a file of <paramref name="size"/> bytes, or nothing can be written
    /// there.
    /// </summary>
    public SignatureWriter? Create(long size, int cellSize)
    {
        if (size / cellSize * SignatureFormat.CellLength > _limit || Directory(make: true) is not { } directory) { return null; }
        return new SignatureWriter(directory, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) + Temporary, _keys, cellSize);
    }

    /// <summary>Completes a signature and puts it in the place of the one of that name. What does not fit is dropped.</summary>
    public void Keep(SignatureWriter writer, string name)
    {
        lock (_lock)
        {
            if (!writer.Finish() || writer.Length > _limit) { return; }
            // What is not kept, or one too many, is for the next one to try again.
            if (Directory(make: true) is not { } directory) { return; }
            if (_total < 0) { CleanUp(directory); }
            long replaced = LengthOf(directory, name);
            if (directory.Rename(writer.Name, name + Extension) != 0) { return; }
            writer.Moved();
            _total += writer.Length - replaced;
            if (_total > _limit) { Evict(directory, name + Extension); }
        }
    }

    /// <summary>A file goes by another name from now on, and with it its signature, if it has one.</summary>
    public void Move(string from, string to)
    {
        lock (_lock)
        {
            if (Directory(make: false) is not { } directory) { return; }
            long length = LengthOf(directory, to);
            // If it cannot be, the file is stored as if there were none.
            if (directory.Rename(from + Extension, to + Extension) == 0 && _total >= 0) { _total -= length; }
        }
    }

    /// <summary>Closes the directory. Nothing else may run or follow.</summary>
    public void Dispose() => _directory?.Dispose();

    private void CleanUp(PrivateDirectory directory)
    {
        _total = 0;
        _ = directory.List(out List<string> names);
        foreach (string name in names)
        {
            if (name.EndsWith(Extension, StringComparison.Ordinal)) { _total += LengthOf(directory, name[..^Extension.Length]); }
            else if (name.EndsWith(Temporary, StringComparison.Ordinal))
            {
                DurableFile.RemoveIfAbandoned(directory.Fd, Encoding.UTF8.GetBytes(name), Posix.EffectiveUser());
            }
        }
    }

    private void Evict(PrivateDirectory directory, string keep)
    {
        _ = directory.List(out List<string> names);
        var files = new List<(FileTime Written, string Name, long Length)>();
        foreach (string name in names.Where(static n => n.EndsWith(Extension, StringComparison.Ordinal)))
        {
            if (directory.Stat(name, out EntryStat stat) == 0) { files.Add((stat.Mtime, name, stat.Size)); }
        }

        _total = files.Sum(static f => f.Length);
        foreach ((_, string name, long length) in files.OrderBy(static f => f.Written).ThenBy(static f => f.Name, StringComparer.Ordinal))
        {
            if (_total <= _limit) { return; }
            if (name != keep && directory.Remove(name) == 0) { _total -= length; }
        }
    }

    private static long LengthOf(PrivateDirectory directory, string name) =>
        directory.Stat(name + Extension, out EntryStat stat) == 0 ? stat.Size : 0;

    /// <summary>The directory, opened once; null if it is not there and not to be made, or must not be used.</summary>
    private PrivateDirectory? Directory(bool make)
    {
        lock (_lock)
        {
            if (_directory is null && !_isRefused)
            {
                _directory = make ? PrivateDirectory.TryOpen(_path, out _) : PrivateDirectory.OpenExisting(_path);
                _isRefused = make && _directory is null;
            }

            return _directory;
        }
    }
}
