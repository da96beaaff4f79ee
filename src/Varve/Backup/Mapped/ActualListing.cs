using Varve.Model;

namespace Varve.Backup.Mapped;

/// <summary>What a directory was seen to have.</summary>
/// <param name="Entries">What of it is meant.</param>
/// <param name="Opened">How the directory was when it was opened.</param>
/// <param name="Since">Nanoseconds that the run had been going on for at least.</param>
/// <param name="Failed">Names of entries that could not be looked at, with error numbers.</param>
/// <param name="HasMissed">Whether entries may be missing, because they were renamed all the time.</param>
/// <param name="Errno">Not 0: it could not be listed.</param>
internal sealed record ActualListing(
    EntryTable Entries, EntryStat Opened, long Since, IReadOnlyList<(byte[] Name, int Errno)> Failed, bool HasMissed, int Errno);
