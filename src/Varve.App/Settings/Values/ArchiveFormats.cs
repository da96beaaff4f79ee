using Varve.Archives.Write;

namespace Varve.App.Settings.Values;

/// <summary>Formats of archives.</summary>
internal static class ArchiveFormats
{
    /// <summary>All there are.</summary>
    internal static readonly IReadOnlyList<string> Words = ["zip", "tar.zst", "tar.gz", "tar"];

    /// <summary>The format that is meant.</summary>
    internal static ArchiveFormat Parse(string text, string origin) => text switch
    {
        "zip" => ArchiveFormat.Zip,
        "tar.zst" => ArchiveFormat.TarZst,
        "tar.gz" => ArchiveFormat.TarGz,
        "tar" => ArchiveFormat.Tar,
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"is one of {string.Join(", ", Words)}, not '{text}'"),
    };
}
