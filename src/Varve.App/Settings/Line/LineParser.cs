using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Line;

/// <summary>
/// Reads a command line from left to right by the rows of the table. Options stand anywhere after their command, those of every command
/// before it too; <c>--name value</c>, <c>--name=value</c>, <c>-n value</c>, <c>-nvalue</c> and flags in one word (<c>-lR</c>) are
/// understood, and after <c>--</c> nothing is an option. The first error is kept, and reading goes on: help may still be asked for. Used
/// once, by one thread. No response files and no directives: "@notes" and "[suggest]" may be paths.
/// </summary>
internal sealed class LineParser(string[] args)
{
    private readonly Dictionary<Setting, List<string>> _options = [];
    private readonly List<string> _words = [];
    private CommandSpec? _spec;
    private VarveException? _error;
    private int _next;

    /// <summary>Parses.</summary>
    internal CommandLine Parse()
    {
        bool optionsEnded = false;
        while (_next < args.Length)
        {
            string token = args[_next++];
            if (optionsEnded || !IsOption(token)) { Word(token); }
            else if (token == "--") { optionsEnded = true; }
            else if (token[1] == '-') { Long(token); }
            else { Short(token); }
        }

        Dictionary<Positional, string[]> arguments = Places();
        if (_error is null) { RequireWhole(); }
        return new CommandLine(_spec, new SettingValues(args, _options, arguments), _error);
    }

    // A dash alone is a name.
    private static bool IsOption(string token) => token.StartsWith('-') && token.Length > 1;

    private void Word(string word)
    {
        if (_spec is null)
        {
            if (_error?.Subject.Kind == SubjectKind.Request) { return; } // after a command that does not exist
            if (CommandTable.Has(word)) { _spec = CommandTable.Find(word); }
            else { Wrong(LineErrors.NoCommand(word)); }
        }
        else if (_spec.Commands.Count > 0 && _words.Count == 0)
        {
            CommandSpec? below = _spec.Commands.FirstOrDefault(c => c.Name == word);
            if (below is not null) { _spec = below; }
            else
            {
                _words.Add(word);
                Wrong(LineErrors.NoCommand(_spec, word));
            }
        }
        else { _words.Add(word); }
    }

    private void Long(string token)
    {
        int equals = token.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? token : token[..equals];
        string? value = equals < 0 ? null : token[(equals + 1)..];
        if (Find(name) is not { } setting) { Wrong(LineErrors.NoOption(_spec, name)); }
        else if (!setting.IsFlag) { Take(setting, name, value); }
        else if (value is null) { _options.TryAdd(setting, []); }
        else { Wrong(LineErrors.Of(_spec, $"{name} takes no value")); }
    }

    private void Short(string token)
    {
        for (int i = 1; i < token.Length; i++)
        {
            string name = "-" + token[i];
            if (Find(name) is not { } setting)
            {
                Wrong(LineErrors.NoOption(_spec, i == 1 ? token : name));
                return;
            }

            if (!setting.IsFlag)
            {
                string rest = token[(i + 1)..];
                Take(setting, name, rest.Length == 0 ? null : rest[0] == '=' ? rest[1..] : rest);
                return;
            }

            _options.TryAdd(setting, []);
        }
    }

    private void Take(Setting setting, string name, string? value)
    {
        if (value is null && _next < args.Length && !IsOption(args[_next])
            // One that may stand alone takes what follows only where nothing else could follow, or if it is one of its words.
            && (!setting.IsValueOptional || _spec is null or { Arguments.Count: 0 } || setting.Words.Contains(args[_next])))
        {
            value = args[_next++];
        }

        if (!_options.TryGetValue(setting, out List<string>? values)) { _options.Add(setting, values = []); }
        else if (!setting.IsRepeated) { Wrong(LineErrors.Of(_spec, $"{name} is given twice")); }
        if (value is not null) { values.Add(value); }
        else if (!setting.IsValueOptional) { Wrong(LineErrors.NoValue(_spec, setting, name, _next < args.Length ? args[_next] : null)); }
    }

    private Setting? Find(string name)
    {
        foreach (Setting setting in LineErrors.Known(_spec))
        {
            if (setting.Name == name || setting.Alias == name) { return setting; }
        }

        return null;
    }

    /// <summary>Gives the words their places; what is too much is an error.</summary>
    private Dictionary<Positional, string[]> Places()
    {
        var places = new Dictionary<Positional, string[]>();
        if (_spec is null or { Commands.Count: > 0 }) { return places; }
        int taken = 0;
        foreach (Positional argument in _spec.Arguments)
        {
            int count = argument.Presence == Presence.Any ? _words.Count - taken : Math.Min(1, _words.Count - taken);
            if (count > 0) { places.Add(argument, [.. _words.GetRange(taken, count)]); }
            taken += count;
        }

        if (taken < _words.Count) { Wrong(LineErrors.TooMuch(_spec, _words[taken])); }
        return places;
    }

    private void RequireWhole()
    {
        if (_spec is null)
        {
            if (!_options.ContainsKey(GlobalSettings.Version)) { Wrong(LineErrors.Of(null, "a command is missing")); }
        }
        else if (_spec.Commands.Count > 0)
        {
            Wrong(LineErrors.Of(_spec, $"a command is missing; there are: {string.Join(", ", _spec.Commands.Select(static c => c.Name))}"));
        }
        else if (_spec.Arguments.Where(static a => a.Presence == Presence.Required).ElementAtOrDefault(_words.Count) is { } argument)
        {
            Wrong(LineErrors.Of(_spec, $"{argument.Name} is missing"));
        }
        else if (_spec.Settings.FirstOrDefault(s => s.IsRequired && !_options.ContainsKey(s)) is { } setting)
        {
            Wrong(LineErrors.Of(_spec, $"{setting.Name} {setting.ValueName} is missing"));
        }
    }

    private void Wrong(VarveException error) => _error ??= error;
}
