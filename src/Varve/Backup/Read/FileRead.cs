using Varve.Backup.Run;
using Varve.Model;

namespace Varve.Backup.Read;

/// <summary>What came of reading a file: what to record of it, or why there is nothing to record.</summary>
internal readonly ref struct FileRead
{
    /// <summary>Nothing could be read.</summary>
    internal FileRead(Failure failure) => (Failure, IsLost) = (failure, true);

    /// <summary>The content is stored. A failure says that it is torn.</summary>
    internal FileRead(scoped in EntryStat stat, ReadOnlySpan<byte> details, Stability stability = Stability.Stable, Failure? failure = null)
    {
        Stat = stat;
        Details = details;
        Stability = stability;
        Failure = failure;
    }

    /// <summary>Why there is nothing to store, or that what is stored is torn.</summary>
    internal Failure? Failure { get; }

    /// <summary>Whether there is nothing to store.</summary>
    internal bool IsLost { get; }

    /// <summary>What the content is worth.</summary>
    internal Stability Stability { get; }

    /// <summary>The stat to record: that of the moment the content is from.</summary>
    internal readonly EntryStat Stat;

    /// <summary>The encoded details; valid until the thread reads its next file.</summary>
    internal ReadOnlySpan<byte> Details { get; }

    /// <summary>Bytes that were found in chunks of its earlier state.</summary>
    internal long Found { get; init; }
}
