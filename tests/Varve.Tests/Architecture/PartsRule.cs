using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>What few may have: the repository as a whole, and its secrets. Everybody else takes the parts that he uses.</summary>
internal static partial class PartsRule
{
    /// <summary>Files of the library that take or keep the whole repository and are not among the layout's entries.</summary>
    public static IEnumerable<Violation> WholeRepository(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsLibrary && !Layout.WholeRepository.ContainsKey(file.Path)
        from Match match in Repository().Matches(file.Code)
        select file.At(match.Index, "takes the whole repository");

    /// <summary>
    /// Files of the library outside the keys' own folder that name the secrets and are not among those that seal and open.
    /// </summary>
    public static IEnumerable<Violation> Secrets(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsLibrary && file.Folder != "Keys" && !Layout.Secrets.ContainsKey(file.Path)
        from Match match in Bundle().Matches(file.Code)
        select file.At(match.Index, "has the secrets of the repository");

    // As the type of a parameter, field, property or local, or of what a method returns.
    [GeneratedRegex(@"(?<![\w.])Repository\?? \w")]
    private static partial Regex Repository();

    [GeneratedRegex(@"\bSecretBundle\b")]
    private static partial Regex Bundle();
}
