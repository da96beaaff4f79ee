using Varve.Model;
using Varve.Walk;

namespace Varve.Archives.Sources;

/// <summary>A path that is archived: a directory with its tree, or a file. Owns its handle.</summary>
internal sealed class ArchiveRoot : IDisposable
{
    /// <summary>Its stat.</summary>
    internal EntryStat Stat;

    /// <summary>Where it lies: absolute, without symlinks; in messages before the paths below it.</summary>
    internal required byte[] Path { get; init; }

    /// <summary>What it is called in the archive; empty for the root directory of the system.</summary>
    internal required byte[] Name { get; init; }

    /// <summary>A live directory, open; of a file the directory above. Null for a snapshot.</summary>
    internal DirectoryHandle? Handle { get; init; }

    /// <summary>Its tree; null for a file.</summary>
    internal ArchiveNode? Node { get; set; }

    /// <summary>A file of a snapshot, or the entry of a directory there: its encoded details.</summary>
    internal byte[] Details { get; init; } = [];

    /// <summary>The names of its owners: of a snapshot.</summary>
    internal (byte[] User, byte[] Group) Owners { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Handle?.Release();
}
