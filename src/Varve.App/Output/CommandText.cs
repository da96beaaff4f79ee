using System.Text;
using Varve.App.Settings.Values;

namespace Varve.App.Output;

/// <summary>Command lines that people can copy.</summary>
internal static class CommandText
{
    /// <summary>The program with these arguments, quoted for a shell where that is needed.</summary>
    internal static string Of(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quote).Prepend("varve"));

    /// <summary>
    /// One argument for a shell. What a terminal must not get, and bytes that are no text, are spelled in digits, which bash, zsh and fish
    /// read.
    /// </summary>
    internal static string Quote(string argument)
    {
        bool isPlain = argument.Length > 0
            && argument.All(static c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c, StringComparison.Ordinal));
        return isPlain ? argument
            : NameText.Printable(argument) != argument ? Spelled(argument)
            : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    private static string Spelled(string argument)
    {
        var text = new StringBuilder("$'");
        foreach (byte b in RawArguments.ToBytes(argument))
        {
            if (b is (byte)'\'' or (byte)'\\') { text.Append('\\').Append((char)b); }
            else if (b is >= 0x20 and < 0x7F) { text.Append((char)b); }
            else { text.Append("\\x").Append(Convert.ToHexStringLower([b])); }
        }

        return text.Append('\'').ToString();
    }
}
