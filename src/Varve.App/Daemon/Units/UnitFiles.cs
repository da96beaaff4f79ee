using System.Text;
using Varve.Freeze;
using Varve.Platform;

namespace Varve.App.Daemon.Units;

/// <summary>The units where systemd looks for them, and what it says of them.</summary>
/// <param name="folder">Where they are, or are to be.</param>
/// <param name="isSystem">Of the machine's manager.</param>
internal sealed class UnitFiles(string folder, bool isSystem)
{
    private const string Control = "systemctl";

    private readonly Tool _tool = new([], isSystem);

    /// <summary>The service's path.</summary>
    internal string Service => Path.Combine(folder, UnitText.Service);

    /// <summary>Whether it is there.</summary>
    internal bool IsInstalled => File.Exists(Service);

    private string Socket => Path.Combine(folder, UnitText.Socket);

    /// <summary>Writes both, and has systemd start them, now and whenever it begins; what did not go well.</summary>
    /// <exception cref="VarveException">Storage: they cannot be written.</exception>
    internal IReadOnlyList<string> Install(UnitPlan plan)
    {
        Write(Socket, UnitText.OfSocket(plan));
        Write(Service, UnitText.OfService(plan));
        // Restarted, so that what was there before does not go on.
        return [.. Do("daemon-reload"), .. Do("enable", UnitText.Socket, UnitText.Service),
            .. Do("restart", UnitText.Socket, UnitText.Service)];
    }

    /// <summary>Stops both and takes them away; what did not go well.</summary>
    /// <exception cref="VarveException">Storage: they cannot be removed.</exception>
    internal IReadOnlyList<string> Uninstall()
    {
        List<string> wrong = [.. Do("stop", UnitText.Service, UnitText.Socket), .. Do("disable", UnitText.Service, UnitText.Socket)];
        foreach (string path in (string[])[Service, Socket])
        {
            try { File.Delete(path); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Unwritable(path, e); }
        }

        return [.. wrong, .. Do("daemon-reload")];
    }

    /// <summary>One word of systemd's about the service, such as active or enabled; null if it cannot be asked.</summary>
    internal string? Ask(string question) => Run(question, UnitText.Service) is { Text.Length: > 0 } said ? said.Text.Split('\n')[0] : null;

    private IEnumerable<string> Do(params string[] words)
    {
        ToolResult? result = Run(words);
        if (result is { Succeeded: true }) { return []; }
        string typed = $"{Control} {(isSystem ? "" : "--user ")}{string.Join(' ', words)}";
        return [result is null ? $"there is no {Control}: type '{typed}' where there is one" : $"'{typed}' failed: {result.Errors}"];
    }

    private ToolResult? Run(params string[] words)
    {
        if (_tool.Find(Control) is null) { return null; }
        try { return _tool.Run(Control, [.. isSystem ? Array.Empty<string>() : ["--user"], .. words]); }
        catch (VarveException) { return null; }
    }

    private void Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(path, text, new UTF8Encoding(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Unwritable(path, e); }
    }

    private VarveException Unwritable(string path, Exception e) => new(ErrorKind.Storage, Subject.Path(path),
        "cannot be changed: " + Errno.Message(e), isSystem ? Advice.RunAsRoot : Advice.CheckPermissions, e);
}
