using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Terminals;

namespace Varve.App.Host;

/// <summary>
/// Asks for a password on the terminal without showing it: the terminal's echo is off before the question appears, and back however this
/// ends. Signals do what they always do: no handler is armed yet that keeps one from ending the program. While the program is suspended
/// the terminal is as it was, and when it goes on it asks again.
/// </summary>
internal static class SecretPrompt
{
    private const int Most = 4096; // what a terminal takes for a line

    private static readonly int[] s_ends = [OwnSignals.HangUp, OwnSignals.Interrupt, OwnSignals.Quit, OwnSignals.Terminate];

    /// <summary>What is typed, up to the return key or Ctrl-D.</summary>
    internal static string Ask(TextWriter error, string prompt)
    {
        using var echo = new TerminalEcho(StandardDescriptors.Input);
        var signals = new List<PosixSignalRegistration>();
        void On(int signal, Action what)
        {
            if (OwnSignals.IsIgnored(signal)) { return; }
            signals.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
            {
                context.Cancel = true;
                what();
            }));
        }

        try
        {
            foreach (int end in s_ends)
            {
                On(end, () =>
                {
                    echo.Dispose();
                    OwnSignals.EndBy(end);
                });
            }

            On(OwnSignals.TerminalStop, () =>
            {
                echo.Restore();
                OwnSignals.Suspend();
            });
            On(OwnSignals.Continue, () =>
            {
                if (echo.TurnOff() == 0) { Write(error, prompt); }
            });
            if (echo.TurnOff() is not 0 and var errno)
            {
                throw new VarveException(ErrorKind.Storage, Subject.Request("the terminal"),
                    $"shows what is typed, and does not let that be turned off: {Errno.Message(errno)}");
            }

            Gate.Pass(Gate.EchoOff);
            Write(error, prompt);
            return Read();
        }
        finally
        {
            foreach (PosixSignalRegistration signal in signals) { signal.Dispose(); }
            Write(error, Environment.NewLine); // the one that was not shown
        }
    }

    private static void Write(TextWriter error, string text)
    {
        lock (error) { error.Write(text); }
    }

    // A line at once: the terminal gives no more than one.
    private static string Read()
    {
        Span<byte> line = stackalloc byte[Most];
        int errno = Posix.Read(StandardDescriptors.Input, line, out int length);
        string text = errno == 0 ? Console.InputEncoding.GetString(line[..length]) : "";
        CryptographicOperations.ZeroMemory(line);
        return string.Concat(text.Where(static c => !char.IsControl(c)));
    }
}
