namespace Varve.Archives.Write;

/// <summary>What an archive is.</summary>
internal enum ArchiveFormat
{
    /// <summary>zip: every system opens it.</summary>
    Zip,
    /// <summary>tar (pax), compressed by zstd.</summary>
    TarZst,
    /// <summary>tar (pax), compressed by gzip.</summary>
    TarGz,
    /// <summary>tar (pax) as it is.</summary>
    Tar,
}
