using System.Globalization;
using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Delta;

/// <summary>
/// The side store: a directory of signatures, one file each, named by a keyed hash of source and path. Its size is limited: the ones that were written longest ago go first. All
/// of it is a cache: a signature that is missing, damaged or refers to chunks that are gone costs room in the repository, nothing else. Thread-safe, and several processes may
/// use one directory.
/// </summary>
public sealed class SignatureStore
{
    private const string Extension = ".sig", Temporary = ".tmp";

    private readonly DeltaKeys _keys;
    private readonly string _directory;
    private readonly long _limit;
    private readonly Lock _lock = new();

    // Guarded by _lock. -1: not looked yet.
    private long _total = -1;

    /// <summary>For a directory that exists, or is created when the first signature is written.</summary>
    public SignatureStore(string directory, DeltaKeys keys, long limit) => (_directory, _keys, _limit) = (directory, keys, limit);

    /// <summary>The name of a file's signature.</summary>
    public string NameOf(Bytes32 source, ReadOnlySpan<byte> path)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _keys.Files);
        hash.AppendData(source.ToArray());
        hash.AppendData(path);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The signature of that name; null if there is none or it is damaged.</summary>
    public SignatureReader? Open(string name) => SignatureReader.TryOpen(PathOf(name), _keys);

    /// <summary>Starts a signature; null if the limit has no room for that of a file of <paramref name="size"/> bytes, or nothing can be written there.</summary>
    public SignatureWriter? Create(long size, int blockSize)
    {
        if (size / blockSize * SignatureFormat.BlockLength > _limit) { return null; }
        try { Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
        return new SignatureWriter(Path.Combine(_directory, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) + Temporary), _keys, blockSize);
    }

    /// <summary>Completes a signature and puts it in the place of the one of that name. What does not fit is dropped.</summary>
    public void Keep(SignatureWriter writer, string name)
    {
        lock (_lock)
        {
            if (!writer.Finish() || writer.Length > _limit) { return; }
            try
            {
                if (_total < 0) { CleanUp(); }
                var old = new FileInfo(PathOf(name));
                long replaced = old.Exists ? old.Length : 0;
                File.Move(writer.Path, PathOf(name), overwrite: true);
                writer.Moved();
                _total += writer.Length - replaced;
                if (_total > _limit) { Evict(PathOf(name)); }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not kept, or too many kept: the next one tries again.
            }
        }
    }

    /// <summary>A file goes by another name from now on, and with it its signature, if it has one.</summary>
    public void Move(string from, string to)
    {
        lock (_lock)
        {
            var signature = new FileInfo(PathOf(from));
            if (!signature.Exists) { return; }
            try
            {
                var replaced = new FileInfo(PathOf(to));
                long length = replaced.Exists ? replaced.Length : 0;
                signature.MoveTo(PathOf(to), overwrite: true);
                if (_total >= 0) { _total -= length; }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The file is stored as if there were none.
            }
        }
    }

    private void CleanUp()
    {
        _total = 0;
        foreach (FileInfo file in new DirectoryInfo(_directory).EnumerateFiles())
        {
            if (file.Extension == Extension) { _total += file.Length; }
            else if (file.Extension == Temporary && IsAbandoned(file.FullName)) { file.Delete(); }
        }
    }

    private void Evict(string keep)
    {
        FileInfo[] files = [.. new DirectoryInfo(_directory).EnumerateFiles("*" + Extension).OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal)];
        _total = files.Sum(f => f.Length);
        foreach (FileInfo file in files)
        {
            if (_total <= _limit) { return; }
            if (file.FullName == keep) { continue; }
            file.Delete();
            _total -= file.Length;
        }
    }

    private static bool IsAbandoned(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string PathOf(string name) => Path.Combine(_directory, name + Extension);
}
