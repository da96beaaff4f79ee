using Varve.Model;
using Varve.Vault.Runs;

namespace Varve.App.Settings.Values;

/// <summary>The words for whose packs are relied on.</summary>
internal static class PackTrusts
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ["all", "own"];

    /// <summary>What a word means.</summary>
    internal static PackTrust Parse(string text, string origin) => text switch
    {
        "all" => PackTrust.All,
        "own" => PackTrust.Own,
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}"),
    };
}
