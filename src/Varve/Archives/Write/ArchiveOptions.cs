namespace Varve.Archives.Write;

/// <summary>What is to be archived, and where to.</summary>
internal sealed record ArchiveOptions
{
    /// <summary>The directory that archives are in; it must be there.</summary>
    internal required byte[] To { get; init; }

    /// <summary>Live paths; none for a snapshot.</summary>
    internal IReadOnlyList<byte[]> Paths { get; init; } = [];

    /// <summary>
    /// What the archive is called, without its ending: <c>{name}</c>, <c>{host}</c> and <c>{time}</c> stand for what they say.
    /// </summary>
    internal byte[] Template { get; init; } = "{name}-{time}"u8.ToArray();

    /// <summary>What it is.</summary>
    internal ArchiveFormat Format { get; init; }

    /// <summary>Neither time nor host nor paths are in the archive: the same tree gives the same bytes.</summary>
    internal bool Reproducible { get; init; }

    /// <summary>A volume has at least so many bytes: 1 MiB.</summary>
    internal const long LeastVolume = 1 << 20;

    /// <summary>Bytes of a volume at most, each of which is an archive; null: one archive.</summary>
    internal long? VolumeSize { get; init; }

    /// <summary>So many archives of this source stay, this one among them; null: all.</summary>
    internal int? Keep { get; init; }

    /// <summary>An archive is made even if nothing changed.</summary>
    internal bool Force { get; init; }

    /// <summary>Which entries below the paths are taken, as a backup with these options would; its roots count for nothing.</summary>
    internal BackupOptions Walk { get; init; } = new() { RootPath = [] };

    /// <summary>Threads that read and compress. At least 1.</summary>
    internal int Threads { get; init; } = 1;

    /// <summary>This machine's name.</summary>
    internal required string Host { get; init; }

    /// <summary>The zone of the time in the name.</summary>
    internal TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The clock.</summary>
    internal required TimeProvider Time { get; init; }

    /// <summary>Where copies of files go that do not hold still.</summary>
    internal required string SpoolPlace { get; init; }

    /// <summary>Hears of what people should know.</summary>
    internal required Action<Notice> Note { get; init; }
}
