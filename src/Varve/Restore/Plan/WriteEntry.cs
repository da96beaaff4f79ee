using Varve.Model;
using Varve.Restore.Target;

namespace Varve.Restore.Plan;

/// <summary>Writes, or has written, one entry that is no directory, as if it had no other name.</summary>
internal delegate void WriteEntry(TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details);
