using Varve.Platform;

namespace Varve.Restore.Target;

/// <summary>
/// The file systems that a restore writes to: the target's, and those mounted below it. Thread-safe. Holds a descriptor of each but the
/// first until it is disposed of.
/// </summary>
internal sealed class TargetSystems : IDisposable
{
    // Guarded by itself.
    private readonly Dictionary<ulong, SafeFd> _others = [];

    /// <summary>One more, by a directory on it that is open.</summary>
    internal void Add(ulong device, int directory)
    {
        lock (_others)
        {
            if (_others.ContainsKey(device)) { return; }
            if (Posix.OpenAt(directory, "."u8, Posix.O_DIRECTORY, out SafeFd copy) == 0) { _others[device] = copy; }
        }
    }

    /// <summary>Makes durable what was written to all of them: 0 or the first error number.</summary>
    internal int Sync(int first)
    {
        lock (_others)
        {
            int error = SyncOne(first);
            foreach (SafeFd other in _others.Values)
            {
                int next = SyncOne(other.Value);
                if (error == 0) { error = next; }
            }

            return error;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_others)
        {
            foreach (SafeFd other in _others.Values) { other.Close(); }
            _others.Clear();
        }
    }

    // What cannot sync has nothing to lose, or says so when files are closed.
    private static int SyncOne(int fd) => Posix.SyncFileSystem(fd) is var error and not (Errno.EINVAL or Errno.ENOTSUP)
        ? error : 0;
}
