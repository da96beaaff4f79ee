using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>Unsafe code and calls into native libraries live in Platform, in X.Vectorized.cs files and where the layout says so.</summary>
internal static partial class UnsafeRule
{
    /// <summary>Every other place that has some.</summary>
    public static IEnumerable<Violation> Check(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Folder != Layout.Platform
            && !file.Path.EndsWith(".Vectorized.cs", StringComparison.Ordinal)
            && !Layout.UnsafeFiles.ContainsKey(file.Path)
        from Match match in Words().Matches(file.Code)
        select file.At(match.Index, $"'{match.Value}' outside {Layout.Platform}");

    [GeneratedRegex(@"\b(unsafe|DllImport|LibraryImport)\b")]
    private static partial Regex Words();
}
