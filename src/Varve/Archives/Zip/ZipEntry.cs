using Varve.Model;

namespace Varve.Archives.Zip;

/// <summary>An entry as the directory of a zip has it.</summary>
internal sealed class ZipEntry
{
    /// <summary>Kind, mode, owner and time; a size that is that of the content.</summary>
    internal EntryStat Stat;

    /// <summary>Its path as it stands there.</summary>
    internal required byte[] Path { get; init; }

    /// <summary>The name that the local header must have too.</summary>
    internal required byte[] RawPath { get; init; }

    /// <summary>The flags.</summary>
    internal ushort Flags { get; init; }

    /// <summary>How the content is packed.</summary>
    internal ushort Method { get; init; }

    /// <summary>The CRC-32 of the content.</summary>
    internal uint Crc { get; init; }

    /// <summary>Bytes of the packed content, and of the content.</summary>
    internal long Packed { get; set; }

    /// <summary>Where the local header is.</summary>
    internal long Start { get; set; }

    /// <summary>Where the next one, or the directory, begins: nothing of this entry lies there.</summary>
    internal long Limit { get; set; }

    /// <summary>Whether an owner is told.</summary>
    internal bool HasOwner { get; set; }

    /// <summary>Whether a mode is told.</summary>
    internal bool HasMode { get; init; }

    /// <summary>Why it is not extracted; null if it may be.</summary>
    internal string? Refused { get; set; }
}
