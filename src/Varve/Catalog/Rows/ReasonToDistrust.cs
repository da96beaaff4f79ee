using Varve.Model;

namespace Varve.Catalog.Rows;

/// <summary>
/// Why a file is read again whatever its stat says, by the state that a snapshot which began then has of it; null if it is not.
/// </summary>
internal delegate UnstableReason? ReasonToDistrust(in EntryStat stat, EntryFlags flags, FileTime start);
