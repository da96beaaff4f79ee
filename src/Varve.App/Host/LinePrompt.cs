using System.Text;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Host;

/// <summary>
/// Asks for a line on the terminal, which shows and edits what is typed by itself. Null when its user says that there is nothing more
/// (Ctrl-D). Ctrl-C ends the program as usual.
/// </summary>
internal static class LinePrompt
{
    private const int Most = 4096; // what a terminal takes for a line

    internal static string? Ask(TextWriter error, string prompt)
    {
        error.Write(prompt);
        var line = new List<byte>();
        Span<byte> one = stackalloc byte[1];
        while (line.Count < Most)
        {
            if (Posix.Read(StandardDescriptors.Input, one, out int read) != 0 || read == 0)
            {
                if (line.Count > 0) { break; }
                error.WriteLine();
                return null;
            }

            if (one[0] == '\n') { break; }
            line.Add(one[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }
}
