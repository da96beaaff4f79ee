using Varve.Backup.Run;
using Varve.Backup.Unstable;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Read;

/// <summary>A file on its way through <see cref="GroupReader"/>. Owns its descriptor and its copy. Not thread-safe.</summary>
internal sealed class GroupMember(int now, int known, bool stood) : IDisposable
{
    /// <summary>How its content is had.</summary>
    internal enum Way : byte
    {
        /// <summary>There is no such file any more.</summary>
        Gone,
        /// <summary>Not at all: <see cref="Failure"/> says why.</summary>
        Failed,
        /// <summary>It is as it was known.</summary>
        Known,
        /// <summary>From where it is, like any other: its stat tells of changes.</summary>
        Plain,
        /// <summary>From a copy that was made together with those of the others, or, without room for one, from where it is.</summary>
        Copied,
    }

    private SafeFd _file;

    /// <summary>Its index in the listing.</summary>
    internal int Now => now;

    /// <summary>Its index in the known rows, or -1.</summary>
    internal int Row => known;

    /// <summary>Whether nothing but the others was a reason to look at it.</summary>
    internal bool Stood => stood;

    internal Way How { get; set; }

    /// <summary>Its stat when it was opened.</summary>
    internal EntryStat Before;

    internal SpoolFile? Copy { get; set; }

    /// <summary>Bytes of the file that the copy has.</summary>
    internal long Copied { get; set; }

    /// <summary>Whether the copy is a clone, to which nothing can be appended.</summary>
    internal bool IsClone { get; set; }

    internal int Fd => _file.Value;

    // ---- what came of it ----

    internal Failure? Failure { get; set; }

    /// <summary>Whether there is nothing to store.</summary>
    internal bool IsLost { get; private set; }

    internal Stability Stability { get; set; }

    /// <summary>The stat to record.</summary>
    internal EntryStat Stat;

    internal byte[] Details { get; private set; } = [];

    internal long Found { get; private set; }

    /// <summary>What is to be recorded of it.</summary>
    internal FileRead Read => IsLost ? new FileRead(Failure!) : new FileRead(in Stat, Details, Stability, Failure) { Found = Found };

    /// <summary>Keeps what the thread's next read would overwrite.</summary>
    internal void Take(scoped in FileRead read)
    {
        (Failure, IsLost, Stability, Found) = (read.Failure, read.IsLost, read.Stability, read.Found);
        Stat = read.Stat;
        Details = read.Details.ToArray();
    }

    /// <summary>Begins anew, with the file open or not.</summary>
    internal void Begin(SafeFd file)
    {
        Dispose();
        _file = file;
        (Failure, IsLost) = (null, false);
        Stability = Stability.Stable;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Copy?.Dispose();
        Copy = null;
        _file.Close();
        _file = default;
    }
}
