using Varve.Model;

namespace Varve.Restore.Target;

/// <summary>Whether what is in the target was made by an earlier run of the restore that goes on. Thread-safe.</summary>
internal delegate bool EarlierEntry(in EntryStat stat);
