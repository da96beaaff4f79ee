namespace Varve.Fuzz.Targets;

/// <summary>What stands in our JSON.</summary>
internal static class JsonWords
{
    internal static readonly IReadOnlyList<byte[]> All =
    [
        .. ((string[])["\"varve\":", "\"repository\":", "\"created\":", "\"packSize\":", "\"chunkMin\":", "\"slot\":", "\"level\":", "\"full\"",
            "\"write\"", "\"method\":", "\"password\"", "\"keyfile\"", "\"kdf\":{", "\"name\":", "\"scrypt\"", "\"n\":", "\"r\":", "\"p\":",
            "\"salt\":", "\"sealed\":", "null", "true", "1e5", "-1", "9223372036854775808", "[[[[[[[[[", "{\"a\":", "\\u0000", "\\ud800", "/**/",
            "2026-11-22T10:00:00Z", "1.5", "\t", "\u00e9"]).Select(System.Text.Encoding.UTF8.GetBytes),
    ];
}
