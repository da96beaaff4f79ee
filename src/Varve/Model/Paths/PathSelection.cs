namespace Varve.Model.Paths;

/// <summary>Paths that somebody lists: absolute ones, as they are, in no order, each as often as it comes. Not thread-safe.</summary>
/// <param name="here">What relative paths begin at: an absolute path.</param>
internal sealed class PathSelection(byte[] here)
{
    private byte[] _isListed = new byte[1 << 10]; // by path
    private int _here = -1;

    /// <summary>All of them, and what leads to them.</summary>
    internal PathSet Paths { get; } = new();

    /// <summary>How many there are, each counted once.</summary>
    internal long Count { get; private set; }

    /// <summary>Adds a path; a slash at its end stands for nothing.</summary>
    /// <exception cref="VarveException">Usage: <c>..</c> is in it.</exception>
    internal void Add(ReadOnlySpan<byte> path)
    {
        bool isAbsolute = path is [(byte)'/', ..];
        if (!isAbsolute && _here < 0) { _here = Paths.Add(0, here); }
        int added = Paths.Add(isAbsolute ? 0 : _here, path);
        if (added >= _isListed.Length) { Array.Resize(ref _isListed, Math.Max(added + 1, _isListed.Length * 2)); }
        if (_isListed[added] != 0) { return; }
        _isListed[added] = 1;
        Count++;
    }

    /// <summary>Whether a path is listed itself, and does not only lead to one that is.</summary>
    internal bool IsListed(int path) => path < _isListed.Length && _isListed[path] != 0;
}
