using Varve.App.Settings.Table;

namespace Varve.App.Settings.Configuration;

/// <summary>A value in a configuration file, with the place it stands at: text, a list, or a mapping of distinct keys.</summary>
internal sealed class ConfigNode(string file, long line, long column)
{
    /// <summary>File, line and column.</summary>
    internal Subject Place { get; } = Subject.Configuration(file, line, column);

    internal string? Text { get; init; }

    internal List<ConfigNode>? Items { get; init; }

    internal List<(ConfigNode Key, ConfigNode Value)>? Members { get; init; }

    /// <summary>An error that names the place.</summary>
    internal VarveException Wrong(string what, Advice advice = Advice.None) => new(ErrorKind.Usage, Place, what, advice);

    /// <summary>The text; <paramref name="what"/> names the value in the error.</summary>
    internal string AsText(string what) => Text is { Length: > 0 } text ? text : throw Wrong($"{what} must be a text");

    /// <summary>A text of it as the table parses it; an error gets the place.</summary>
    internal T Parse<T>(Func<string, string, T> parse, string text, string what)
    {
        try { return parse(text, what); }
        catch (VarveException e) { throw e.AtPlace(Place); }
    }

    /// <summary>The same of all of its text, which is not empty.</summary>
    internal T Parse<T>(ValueSetting<T> setting, string what) => Parse(setting.Parse, AsText(what), what);

    /// <summary>The items.</summary>
    internal IReadOnlyList<ConfigNode> AsList(string what) => Items ?? throw Wrong($"{what} must be a list");

    /// <summary><c>true</c> or <c>false</c>.</summary>
    internal bool AsFlag(string what) => Text switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong($"{what} must be true or false"),
    };

    /// <summary>The values by key. Keys that are not among <paramref name="known"/> are errors.</summary>
    internal Dictionary<string, ConfigNode> AsMapping(string what, params string[] known)
    {
        var values = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
        foreach ((ConfigNode key, ConfigNode value) in Members ?? throw Wrong($"{what} must be a mapping of keys to values"))
        {
            if (Array.IndexOf(known, key.Text) < 0)
            {
                throw key.Wrong($"there is no key '{key.Text}' in {what}; known here: {string.Join(", ", known)}");
            }
            if (!values.TryAdd(key.Text!, value)) { throw key.Wrong($"the key '{key.Text}' is there twice"); }
        }

        return values;
    }
}
