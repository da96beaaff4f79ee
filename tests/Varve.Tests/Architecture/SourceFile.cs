using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>A C# file as the rules see it.</summary>
internal sealed partial class SourceFile
{
    private SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        CodeText code = CodeText.Read(text);
        Code = code.Code;
        WithLiterals = code.WithLiterals;
        TopLevelTypes = FindTopLevelTypes(Code);
    }

    /// <summary>Relative to the repository's root, with slashes.</summary>
    public string Path { get; }

    /// <summary>The file as it is.</summary>
    public string Text { get; }

    /// <summary>Without comments and contents of strings; offsets as in <see cref="Text"/>.</summary>
    public string Code { get; }

    /// <summary>Without comments; offsets as in <see cref="Text"/>.</summary>
    public string WithLiterals { get; }

    /// <summary>Names of the types declared outside any other type.</summary>
    public IReadOnlyList<string> TopLevelTypes { get; }

    /// <summary>True for a file of the library.</summary>
    public bool IsLibrary => Path.StartsWith(Layout.Library, StringComparison.Ordinal);

    /// <summary>For a file of the library the first folder below its root ("" directly in it), otherwise null.</summary>
    public string? Folder
    {
        get
        {
            if (!IsLibrary) { return null; }
            string rest = Path[Layout.Library.Length..];
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            return slash < 0 ? "" : rest[..slash];
        }
    }

    /// <summary>For a file of the library its room: the first two folders below the library's root, otherwise null.</summary>
    public string? Room => IsLibrary ? string.Join('/', Path[Layout.Library.Length..].Split('/')[..^1].Take(2)) : null;

    /// <summary>
    /// True for a file of the library that says it is part of the API, wherever it lies: it is in the namespace <c>Varve</c>.
    /// </summary>
    public bool IsApi => IsLibrary && ApiNamespace().IsMatch(Code);

    /// <summary>
    /// For a file of the library its namespace, which is that of its folder unless it is part of the API, otherwise null.
    /// </summary>
    public string? Namespace => !IsLibrary ? null : IsApi ? "Varve" : string.Join('.', Path.Split('/')[1..^1]);

    /// <summary>A file from its path and text.</summary>
    public static SourceFile From(string path, string text) => new(path, text);

    /// <summary>A violation at an offset of the text.</summary>
    public Violation At(int offset, string what) => new(Path, 1 + Text.AsSpan(0, offset).Count('\n'), what);

    // Braces decide what is top-level; block-scoped namespaces are a violation of their own, so their depth needs no care.
    private static List<string> FindTopLevelTypes(string code)
    {
        var names = new List<string>();
        int depth = 0, counted = 0;
        foreach (Match match in TypeDeclaration().Matches(code))
        {
            for (; counted < match.Index; counted++)
            {
                if (code[counted] is '{' or '(') { depth++; }
                if (code[counted] is '}' or ')') { depth--; }
            }

            if (depth == 0) { names.Add(match.Groups["name"].Value); }
        }

        return names;
    }

    [GeneratedRegex(@"\bnamespace\s+Varve\s*;")]
    private static partial Regex ApiNamespace();

    [GeneratedRegex(@"\b(?:(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?!where\b|class\b|struct\b)(?<name>\w+)|delegate\s+[\w.<>\[\]?,\s]+?\s(?<name>\w+)\s*(?:<[^()]*>)?\s*\()")]
    private static partial Regex TypeDeclaration();
}
