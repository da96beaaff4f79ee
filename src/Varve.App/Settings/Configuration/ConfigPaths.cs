using Varve.App.Settings.Values;

namespace Varve.App.Settings.Configuration;

/// <summary>
/// Paths in a configuration: <c>~</c> is the home directory, and what is not absolute lies beside the file; there <c>..</c> is the
/// directory above by name, whatever links lead where.
/// </summary>
internal sealed class ConfigPaths(string file, string? home)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";

    /// <summary>The path a node means, absolute.</summary>
    /// <exception cref="VarveException">Usage, with the place.</exception>
    internal string Of(ConfigNode node, string what) => Of(node, node.AsText(what), what);

    /// <summary>The same of a part of its text.</summary>
    internal string Of(ConfigNode node, string text, string what)
    {
        if (text.Length == 0) { throw node.Wrong($"{what} must be a text"); }
        if (text[0] == '/') { return text; }
        if (text == "~" || text.StartsWith("~/", StringComparison.Ordinal))
        {
            return home is not null ? Path.GetFullPath(Path.Join(home, text.AsSpan(1)))
                : throw node.Wrong($"{what} begins with '~', and HOME is not set");
        }

        if (text[0] == '~') { throw node.Wrong($"{what} begins with '~': only '~/' is known, the home directory; './~' is a name"); }

        return Path.GetFullPath(Path.Join(_folder, text));
    }

    /// <summary>Its bytes, without dots and doubled slashes.</summary>
    internal byte[] BytesOf(ConfigNode node, string what) => node.Parse(Texts.AbsolutePath, Of(node, what), what);
}
