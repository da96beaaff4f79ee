using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Completion;

/// <summary>A line that is being typed, as the words after the program's name; the last one is what is completed.</summary>
internal sealed class TypedLine(string[] words)
{
    private readonly string[] _before = words.Length == 0 ? [] : words[..^1];

    /// <summary>What is completed.</summary>
    internal string Word => words.Length == 0 ? "" : words[^1];

    /// <summary>What was typed before it. It may be wrong: nobody has ended the line.</summary>
    internal CommandLine Before => CommandLine.Parse(_before);

    /// <summary>The value of an option, whatever command it stands for; null if it is not there.</summary>
    internal string? Value(string option)
    {
        string? value = null;
        for (int i = 0; i < _before.Length && _before[i] != "--"; i++)
        {
            string word = _before[i];
            if (word == option && i + 1 < _before.Length) { value = _before[++i]; }
            else if (word.StartsWith(option + "=", StringComparison.Ordinal)) { value = word[(option.Length + 1)..]; }
        }

        return value;
    }

    /// <summary>The snapshot that a path by itself is of.</summary>
    internal string? Snapshot => Before is { Spec: { } spec } line && spec == RestoreSettings.Dump
        ? line.Values.Argument(RestoreSettings.DumpSnapshot) : null;
}
