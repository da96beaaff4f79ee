using Varve.Model;

namespace Varve.Backup.Mapped;

/// <summary>What a directory that is there has for a name in one of the source.</summary>
/// <param name="Name">The name in the source.</param>
/// <param name="Part">The directory that it lies in.</param>
/// <param name="ActualName">Its name there.</param>
/// <param name="Stat">Its stat.</param>
/// <param name="IsStandIn">Whether it is a directory that is none anywhere: the part itself stands for it.</param>
internal sealed record MappedEntry(byte[] Name, ActualDirectory Part, byte[] ActualName, EntryStat Stat, bool IsStandIn = false)
{
    internal bool IsDirectory => Stat.Kind == EntryKind.Directory;
}
