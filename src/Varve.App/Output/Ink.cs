namespace Varve.App.Output;

/// <summary>Colours, on a terminal whose owner wants them; elsewhere the text as it is.</summary>
/// <param name="isOn">Whether there are any.</param>
internal sealed class Ink(bool isOn)
{
    /// <summary>None.</summary>
    internal static Ink None { get; } = new(false);

    /// <summary>What went wrong.</summary>
    internal string Bad(string text) => Paint(text, "31");

    /// <summary>What is new, or well.</summary>
    internal string Good(string text) => Paint(text, "32");

    /// <summary>What is to be looked at.</summary>
    internal string Odd(string text) => Paint(text, "33");

    private string Paint(string text, string colour) => isOn && text.Length > 0 ? $"\e[{colour}m{text}\e[0m" : text;
}
