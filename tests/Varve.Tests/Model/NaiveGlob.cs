namespace Varve.Tests.Model;

/// <summary>The pattern language by plain recursion over components, for ASCII patterns without doubled slashes.</summary>
internal static class NaiveGlob
{
    public static bool IsMatch(string pattern, string path)
    {
        if (pattern.Length > 1) { pattern = pattern.TrimEnd('/') is { Length: > 0 } rest ? rest : "/"; }
        string[] names = path.Length == 0 ? [] : path.Split('/');
        if (!pattern.Contains('/')) { return Name(pattern, names.Length == 0 ? "" : names[^1]); }
        List<string> components = [.. pattern.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        if (pattern[0] != '/') { components.Insert(0, "**"); }
        return Components(components, 0, names, 0, onlyStars: true);
    }

    private static bool Components(List<string> pattern, int p, string[] names, int n, bool onlyStars)
    {
        if (p == pattern.Count) { return n == names.Length; }
        if (pattern[p] != "**")
        {
            return n < names.Length && Name(pattern[p], names[n]) && Components(pattern, p + 1, names, n + 1, false);
        }
        // At the end: everything below, hence at least one name; for the root itself nothing is needed.
        if (p == pattern.Count - 1) { return n < names.Length || (onlyStars && p == 0); }
        for (int skip = n; skip <= names.Length; skip++)
        {
            if (Components(pattern, p + 1, names, skip, onlyStars)) { return true; }
        }

        return false;
    }

    private static bool Name(string pattern, string name)
    {
        if (pattern.Length == 0) { return name.Length == 0; }
        switch (pattern[0])
        {
            case '*':
                return Name(pattern[1..], name) || (name.Length > 0 && Name(pattern, name[1..]));
            case '?':
                return name.Length > 0 && Name(pattern[1..], name[1..]);
            case '\\':
                return name.Length > 0 && pattern[1] == name[0] && Name(pattern[2..], name[1..]);
            case '[':
                int end = pattern.IndexOf(']');
                bool negated = pattern[1] == '!';
                string set = pattern[(negated ? 2 : 1)..end];
                return name.Length > 0 && set.Contains(name[0]) != negated && Name(pattern[(end + 1)..], name[1..]);
            default:
                return name.Length > 0 && pattern[0] == name[0] && Name(pattern[1..], name[1..]);
        }
    }
}
