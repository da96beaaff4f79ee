using System.Text;

namespace Varve.Platform.Processes;

/// <summary>The environment of this process as its children are to have it, byte by byte.</summary>
internal static class OwnEnvironment
{
    // What systemd says to the daemon is not for what it starts.
    private static readonly string[] s_own = ["NOTIFY_SOCKET=", "WATCHDOG_", "LISTEN_", "JOURNAL_STREAM=", "INVOCATION_ID=", "MAINPID="];

    /// <summary>All variables, NAME=VALUE, but for what systemd says to this process alone.</summary>
    internal static byte[][] Bytes(Func<string, string?> environment)
    {
        var variables = new List<byte[]>();
        byte[] all;
        try { all = File.ReadAllBytes("/proc/self/environ"); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [.. ((string[])["PATH", "HOME", "LANG"]).Where(n => environment(n) is not null)
                .Select(n => Encoding.UTF8.GetBytes($"{n}={environment(n)}"))];
        }

        foreach (Range range in all.AsSpan().Split((byte)0))
        {
            byte[] variable = all[range];
            bool isOwn = Array.Exists(s_own, o => Begins(variable, o));
            if (variable.Length > 0 && !isOwn) { variables.Add(variable); }
        }

        return [.. variables];
    }

    /// <summary>The same with some variables set, or, by null, taken away.</summary>
    internal static byte[][] With(byte[][] variables, IReadOnlyList<(string Name, byte[]? Value)> changes)
    {
        List<byte[]> changed = [.. variables.Where(v => !changes.Any(c => Begins(v, c.Name + "=")))];
        foreach ((string name, byte[]? value) in changes)
        {
            // A variable has no NUL.
            if (value is not null) { changed.Add([.. Encoding.UTF8.GetBytes(name), (byte)'=', .. value.Where(static b => b != 0)]); }
        }

        return [.. changed];
    }

    private static bool Begins(byte[] variable, string name) => variable.AsSpan().StartsWith(Encoding.UTF8.GetBytes(name));
}
