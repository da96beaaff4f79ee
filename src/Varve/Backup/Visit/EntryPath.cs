using Varve.Backup.Run;

namespace Varve.Backup.Visit;

/// <summary>Paths of entries of one directory, in one buffer. Used by one thread.</summary>
internal sealed class EntryPath
{
    private readonly int _prefix;
    private byte[] _bytes;

    internal EntryPath(DirectoryNode directory)
    {
        byte[] path = directory.Path();
        _prefix = path.Length == 0 ? 0 : path.Length + 1;
        _bytes = new byte[_prefix + 256];
        path.CopyTo(_bytes, 0);
        if (_prefix > 0) { _bytes[_prefix - 1] = (byte)'/'; }
    }

    /// <summary>The path of an entry, until the next call.</summary>
    internal ReadOnlySpan<byte> Of(ReadOnlySpan<byte> name)
    {
        if (_bytes.Length < _prefix + name.Length) { Array.Resize(ref _bytes, _prefix + name.Length); }
        name.CopyTo(_bytes.AsSpan(_prefix));
        return _bytes.AsSpan(0, _prefix + name.Length);
    }
}
