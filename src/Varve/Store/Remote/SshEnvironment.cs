using System.Collections;
using System.Text;

namespace Varve.Store.Remote;

/// <summary>What ssh gets of the process that starts it: agents, its home directory and its configuration are found by that.</summary>
internal static class SshEnvironment
{
    /// <summary>The variables, but for passwords: no program that is started has those.</summary>
    internal static byte[][] Variables() =>
    [
        .. from DictionaryEntry variable in Environment.GetEnvironmentVariables()
           let name = (string)variable.Key
           where !name.Contains("PASSWORD", StringComparison.Ordinal)
           select Encoding.UTF8.GetBytes($"{name}={variable.Value}"),
    ];

    /// <summary>Where programs are looked for.</summary>
    internal static string[] Directories() =>
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(static d => d[0] == '/'), "/usr/bin", "/bin", "/usr/local/bin"];
}
