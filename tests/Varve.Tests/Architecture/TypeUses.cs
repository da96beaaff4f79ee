using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>
/// Which types of the library a file names, and the rooms they are in. By spelling, as the compiler would find them: in the file's own
/// namespace and those round it, in the namespaces it imports, or qualified. What is used without being named is not seen.
/// </summary>
internal sealed partial class TypeUses
{
    private static readonly HashSet<string> s_beforeTypes =
    [
        "new", "is", "as", "not", "or", "and", "in", "out", "ref", "params", "this", "return", "case", "throw", "when", "where", "public",
        "internal", "private", "protected",
        "static", "readonly", "required", "abstract", "virtual", "override", "sealed", "partial", "async", "const", "using", "foreach",
        "else", "scoped", "init", "get", "await",
    ];

    private readonly ILookup<string, SourceFile> _homes;

    /// <summary>Knows the types of these files.</summary>
    public TypeUses(IEnumerable<SourceFile> library) =>
        _homes = library.SelectMany(f => f.TopLevelTypes.Select(t => (Type: t, File: f))).ToLookup(t => t.Type, t => t.File);

    /// <summary>Each place in a file that names a type of another room, by that room.</summary>
    public IEnumerable<(int Offset, string Type, string Room)> Of(SourceFile file)
    {
        HashSet<string> seen = [.. Import().Matches(file.Code).Select(m => m.Groups["namespace"].Value)];
        for (string space = file.Namespace!; space.Length > 0; space = space[..Math.Max(0, space.LastIndexOf('.'))]) { seen.Add(space); }
        foreach (Match match in Chain().Matches(file.Code))
        {
            string before = "";
            foreach (Capture part in match.Groups["part"].Captures)
            {
                SourceFile? home = _homes[part.Value].Where(h => before.Length == 0 ? seen.Contains(h.Namespace!)
                    : IsNamed(h.Namespace!, before))
                    .MaxBy(h => (h.Namespace == file.Namespace ? 1000 : 0) + h.Namespace!.Length);
                bool isType = home is not null && home.Room != file.Room && (before.Length > 0 || !IsMember(file.Code, part));
                if (isType) { yield return (part.Index, part.Value, home!.Room!); }
                before = before.Length == 0 ? part.Value : $"{before}.{part.Value}";
            }
        }
    }

    /// <summary>The rooms whose namespaces a file imports.</summary>
    public static IEnumerable<(int Offset, string Room)> Imports(SourceFile file) =>
        Import().Matches(file.Code).Where(m => m.Groups["namespace"].Value.StartsWith("Varve.", StringComparison.Ordinal))
            .Select(m => (m.Index, m.Groups["namespace"].Value["Varve.".Length..].Replace('.', '/')));

    // A member, parameter or variable that is declared, a method that is called, what an initializer sets: named as a type, perhaps, but
    // none.
    private static bool IsMember(string code, Capture name)
    {
        string before = LastWord(code, name.Index);
        char after = code.AsSpan(name.Index + name.Length).TrimStart() is [var next, ..] ? next : ' ';
        if (before.Length > 0 && char.IsLetterOrDigit(before[0])) { return !s_beforeTypes.Contains(before); }
        if (after == '(') { return before != ":"; }
        return before is "," or "{" or "" && after is ',' or '=' or '}'
            && !code.AsSpan(name.Index + name.Length).TrimStart().StartsWith("=>");
    }

    // The word or the sign that stands before a place.
    private static string LastWord(string code, int at)
    {
        ReadOnlySpan<char> text = code.AsSpan(0, at).TrimEnd();
        if (text.IsEmpty) { return ""; }
        int from = text.Length;
        while (from > 0 && (char.IsLetterOrDigit(text[from - 1]) || text[from - 1] == '_')) { from--; }
        return from == text.Length ? text[^1..].ToString() : text[from..].ToString();
    }

    private static bool IsNamed(string space, string qualifier) =>
        space == qualifier || space.EndsWith("." + qualifier, StringComparison.Ordinal);

    [GeneratedRegex(@"\busing\s+(?:static\s+)?(?<namespace>[A-Z][\w.]*)\s*;")]
    private static partial Regex Import();

    // Names with dots between them: of a.B.C the name B is a type only if a is a namespace. What a type stands before is a name of a
    // member.
    [GeneratedRegex(@"(?<![\w.])(?<!\b(?:string|int|long|bool|byte|uint|ulong|double|object)\??\s+)(?<part>[A-Za-z_]\w*)(?:\s*\.\s*(?<part>\w+))*")]
    private static partial Regex Chain();
}
