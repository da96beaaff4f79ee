using System.Text;

namespace Varve.App.Host;

/// <summary>Asks for a password on the terminal without showing it. Ctrl-C ends the program as usual: no handler is armed yet.</summary>
internal static class SecretPrompt
{
    internal static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var secret = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter || key.KeyChar is '\n' or '\r' or '\u0004')
            {
                Console.Error.WriteLine();
                return secret.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                // A character outside the basic plane is two units.
                int cut = secret.Length > 1 && char.IsSurrogatePair(secret[^2], secret[^1]) ? 2 : 1;
                secret.Length = Math.Max(0, secret.Length - cut);
            }
            else if (!char.IsControl(key.KeyChar)) { secret.Append(key.KeyChar); }
        }
    }
}
