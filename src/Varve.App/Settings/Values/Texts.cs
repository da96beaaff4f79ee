using Varve.Model.Paths;
using Varve.Model.Rules;

namespace Varve.App.Settings.Values;

/// <summary>Values that are text or paths. <c>origin</c> is the option, variable or key that the error names.</summary>
internal static class Texts
{
    /// <summary>Any text that is UTF-8.</summary>
    internal static string Text(string text, string origin) => RawArguments.Text(text, origin);

    /// <summary>Text that is not empty.</summary>
    internal static string NotEmpty(string text, string origin) => RawArguments.Text(Filled(text, origin), origin);

    /// <summary>A pattern that can be matched.</summary>
    internal static string Glob(string text, string origin)
    {
        Model.Paths.Glob.Parse(RawArguments.Text(text, origin));
        return text;
    }

    /// <summary>
    /// A pattern as it is meant on a command line: one that begins with <c>./</c> or <c>../</c> begins where the command was typed, and
    /// becomes absolute.
    /// </summary>
    internal static string FromHere(string pattern)
    {
        if (!IsFromHere(pattern)) { return pattern; }
        IEnumerable<string> here = Environment.CurrentDirectory
            .Select(static c => @"*?[\".Contains(c, StringComparison.Ordinal) ? @"\" + c : $"{c}");
        return Joined(string.Concat(here), pattern);
    }

    /// <summary>The same of a path, as typed.</summary>
    internal static string PathFromHere(string path) => IsFromHere(path) ? Joined(Environment.CurrentDirectory, path) : path;

    private static bool IsFromHere(string text) => text is "." or ".." || text.StartsWith("./", StringComparison.Ordinal)
        || text.StartsWith("../", StringComparison.Ordinal);

    private static string Joined(string here, string below)
    {
        List<string> parts = [.. here.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in below.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..") { parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count)); }
            else if (part != ".") { parts.Add(part); }
        }

        return "/" + string.Join('/', parts) + (below.EndsWith('/') && parts.Count > 0 ? "/" : "");
    }

    /// <summary>A name of an entry of a directory.</summary>
    internal static string EntryName(string text, string origin) => Filled(text, origin).Contains('/') || text is "." or ".."
        ? throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"'{text}' is no name in a directory")
        : text;

    /// <summary>Names of files that are one unit, or the word for no such files.</summary>
    internal static string Group(string text, string origin)
    {
        if (RawArguments.Text(text, origin) != FileGroups.None) { FileGroups.Parse(text); }
        return text;
    }

    /// <summary>A rule that maps paths.</summary>
    internal static string Mapping(string text, string origin)
    {
        _ = new PathMapping([NotEmpty(text, origin)]);
        return text;
    }

    /// <summary>The bytes of a path.</summary>
    internal static byte[] Path(string text, string origin) => RawArguments.ToBytes(Filled(text, origin));

    /// <summary>A text that names a place, made absolute.</summary>
    internal static string FullPath(string text, string origin) => System.IO.Path.GetFullPath(NotEmpty(text, origin));

    /// <summary>The bytes of a path, made absolute, without slashes at its end.</summary>
    internal static byte[] FullBytes(string text, string origin)
    {
        string full = Filled(text, origin)[0] == '/' ? text : Joined(Environment.CurrentDirectory, text);
        string trimmed = full.TrimEnd('/');
        return RawArguments.ToBytes(trimmed.Length == 0 ? "/" : trimmed);
    }

    /// <summary>The bytes of a path that is absolute already.</summary>
    internal static byte[] AbsolutePath(string text, string origin) => CanonicalPaths.Normalize(RawArguments.ToBytes(text), origin);

    private static string Filled(string text, string origin) =>
        text.Length > 0 ? text : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), "is empty");
}
