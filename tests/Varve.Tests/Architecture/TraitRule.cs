using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>Traits of tests are those that <c>./test</c> knows: by them it leaves out what needs root or takes long.</summary>
internal static partial class TraitRule
{
    private static readonly HashSet<string> s_known = ["\"Needs\", \"root\"", "\"Takes\", \"minutes\"", "\"Does\", \"race\""];

    /// <summary>Every other trait.</summary>
    public static IEnumerable<Violation> Check(IEnumerable<SourceFile> files) =>
        from file in files
        from Match match in Traits().Matches(file.WithLiterals)
        where !s_known.Contains(match.Groups["trait"].Value)
        select file.At(match.Index, $"'{match.Value}' is no trait that ./test knows");

    [GeneratedRegex(@"\[Trait\((?<trait>[^)]*)\)")]
    private static partial Regex Traits();
}
