using Varve.Freeze;
using Varve.History.Differences;
using Varve.Model;
using Varve.Platform;

namespace Varve.Service;

/// <summary>
/// Compares restored files with what the snapshot says of them, and with those that are there now. One that changed since is no fault:
/// size, modification or ctime tell, before or after it was read. Not thread-safe.
/// </summary>
internal sealed class DrillJudge(DrillResult result)
{
    private readonly byte[] _one = new byte[1 << 20], _other = new byte[1 << 20];

    /// <summary>Judges a file; <paramref name="live"/> is where the tree is now, or null.</summary>
    internal void Judge(DrillFile file, byte[] restored, LivePlace? live)
    {
        if (Posix.OpenAt(Posix.AT_FDCWD, restored, Posix.O_RDONLY | Posix.O_NOFOLLOW, out SafeFd copy) is var errno and not 0)
        {
            Fault(file, "is not there after it was restored: " + Errno.Message(errno));
            return;
        }

        try
        {
            if (Posix.Stat(copy.Value, out EntryStat stat) != 0 || stat.Size != file.Entry.Size || stat.Mtime != file.Entry.Modified)
            {
                Fault(file, "has another size or time after it was restored than the snapshot says");
                return;
            }

            result.Files++;
            result.Bytes += file.Entry.Size;
            if (live is null || file.Entry.IsTorn || !live.Has(file.Entry.Path)) { result.NotCompared++; }
            else { Compare(file, copy, live.PathOf(file.Entry.Path)); }
        }
        finally { copy.Close(); }
    }

    private void Compare(DrillFile file, SafeFd copy, byte[] path)
    {
        int errno = Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK | Posix.O_NOCTTY,
            out SafeFd live);
        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP) { result.Gone++; }
        else if (errno != 0) { result.NotCompared++; }
        if (errno != 0) { return; }
        try
        {
            if (!IsAsItWas(file, live, withCtime: false))
            {
                result.Changed++;
                return;
            }

            bool? isSame = HaveSameBytes(copy, live, file.Entry.Size);
            if (isSame is null) { result.NotCompared++; }
            else if (isSame.Value) { result.Same++; }
            else if (!IsAsItWas(file, live, withCtime: true)) { result.Changed++; }
            else { Fault(file, "is not what this machine has now, though nothing says that it changed since"); }
        }
        finally { live.Close(); }
    }

    private static bool IsAsItWas(DrillFile file, SafeFd live, bool withCtime) => Posix.Stat(live.Value, out EntryStat now) == 0
        && now.Kind == EntryKind.File && now.Size == file.Entry.Size && now.Mtime == file.Entry.Modified
        && (!withCtime || now.Ctime == file.Entry.Changed);

    /// <summary>Null if the one that is there now cannot be read.</summary>
    private bool? HaveSameBytes(SafeFd copy, SafeFd live, long size)
    {
        for (long at = 0; at < size;)
        {
            if (Posix.ReadAt(live.Value, _other, at, out int got) != 0) { return null; }
            int want = (int)Math.Min(got, size - at);
            if (want == 0) { return false; }
            for (int read = 0; read < want;)
            {
                if (Posix.ReadAt(copy.Value, _one.AsSpan(read, want - read), at + read, out int more) != 0 || more == 0) { return false; }
                read += more;
            }

            if (!_one.AsSpan(0, want).SequenceEqual(_other.AsSpan(0, want))) { return false; }
            at += want;
        }

        return true;
    }

    private void Fault(DrillFile file, string problem) => result.Add(new DrillFault(file.Snapshot, file.Entry.Path, problem));
}
