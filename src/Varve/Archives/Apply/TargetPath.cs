using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Archives.Apply;

/// <summary>
/// Takes hold of what lies below a directory, without following a link on the way or at the end, and without opening it. The directory
/// above the last one is kept: lists come directory by directory. Not thread-safe; dispose it.
/// </summary>
internal sealed class TargetPath : IDisposable
{
    private readonly SafeFd _root;
    private SafeFd _above;
    private byte[] _abovePath = [];
    private int _aboveLength = -1;

    /// <param name="target">The directory: the path is the user's, and links in it are followed.</param>
    /// <exception cref="VarveException">Storage: it cannot be opened.</exception>
    internal TargetPath(ReadOnlySpan<byte> target)
    {
        int errno = Posix.OpenAt(Posix.AT_FDCWD, target, Posix.O_PATH | Posix.O_DIRECTORY, out _root);
        if (errno == 0) { return; }
        throw new VarveException(ErrorKind.Storage, Subject.Target(target), $"cannot be opened: {Errno.Message(errno)}", Advice.ChooseTarget);
    }

    /// <summary>
    /// Holds what a path leads to, relative and without empty parts; empty: the directory itself. Returns an error number.
    /// </summary>
    internal int Hold(ReadOnlySpan<byte> path, out SafeFd held)
    {
        held = default;
        if (path.IsEmpty) { return Posix.OpenAt(_root.Value, "."u8, Posix.O_PATH | Posix.O_DIRECTORY, out held); }
        int slash = path.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = path[(slash + 1)..];
        if (name.SequenceEqual(".."u8)) { return Errno.EXDEV; }
        if (slash < 0) { return Posix.HoldAt(_root.Value, name, out held); }
        int errno = OpenAbove(path[..slash]);
        return errno != 0 ? errno : Posix.HoldAt(_above.Value, name, out held);
    }

    private int OpenAbove(ReadOnlySpan<byte> path)
    {
        if (_aboveLength == path.Length && _abovePath.AsSpan(0, _aboveLength).SequenceEqual(path)) { return 0; }
        Forget();
        int errno = Beneath.Open(_root.Value, path, Posix.O_PATH | Posix.O_DIRECTORY, out _above);
        if (errno != 0) { return errno; }
        if (_abovePath.Length < path.Length) { _abovePath = new byte[path.Length * 2]; }
        path.CopyTo(_abovePath);
        _aboveLength = path.Length;
        return 0;
    }

    private void Forget()
    {
        _above.Close();
        _above = default;
        _aboveLength = -1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _root.Close();
    }
}
