using System.Globalization;
using System.Text;

namespace Varve.App.Hooks;

/// <summary>What hooks are told of the run that they are run around, in variables. What is not known they do not get.</summary>
internal sealed class HookFacts
{
    /// <summary>The name of the source; null: it is run around all of them.</summary>
    internal string? Source { get; init; }

    /// <summary>Its first place.</summary>
    internal byte[]? Path { get; init; }

    /// <summary>The repository that it goes to.</summary>
    internal string? Repository { get; init; }

    /// <summary>The directory of archives that it goes to.</summary>
    internal byte[]? Archive { get; init; }

    /// <summary>The snapshot that stands for it now.</summary>
    internal string? Snapshot { get; set; }

    /// <summary>Paths that could not be saved.</summary>
    internal long? FailureCount { get; set; }

    /// <summary>What went wrong.</summary>
    internal string? Error { get; set; }

    /// <summary>The variables; <paramref name="result"/> is null before there is one.</summary>
    internal IReadOnlyList<(string Name, byte[]? Value)> Variables(string moment, string? result) =>
    [
        ("VARVE_HOOK", Bytes(moment)), ("VARVE_SOURCE", Bytes(Source)), ("VARVE_PATH", Path), ("VARVE_ARCHIVE", Archive),
        .. Repository is null ? Array.Empty<(string, byte[]?)>() : [("VARVE_REPO", Bytes(Repository))],
        ("VARVE_RESULT", Bytes(result)), ("VARVE_SNAPSHOT", Bytes(Snapshot)),
        ("VARVE_FAILURES", Bytes(FailureCount?.ToString(CultureInfo.InvariantCulture))), ("VARVE_ERROR", Bytes(Error)),
    ];

    private static byte[]? Bytes(string? text) => text is { Length: > 0 } ? Encoding.UTF8.GetBytes(text) : null;
}
