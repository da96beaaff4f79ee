using Varve.App.Settings.Resolved;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Settings;

/// <summary>A directory with a configuration in it, for somebody whose home is /home/me.</summary>
internal sealed class ConfigPlace : IDisposable
{
    private readonly ScratchDirectory _d = new();

    internal ConfigPlace(string text)
    {
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(Folder, "config.yaml"), text);
    }

    /// <summary>Where the file lies.</summary>
    internal string Folder => Path.Combine(_d.Path, "varve");

    /// <summary>What <c>varve snapshots</c> with these options works with.</summary>
    internal GlobalOptions Resolve(string line)
    {
        string[] words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(w => w.EndsWith(".yaml", StringComparison.Ordinal) ? Path.Combine(Folder, w) : w)];
        return GlobalOptions.Resolve(Typed.Line(["snapshots", .. words]), name => name switch
        {
            "HOME" => "/home/me",
            "XDG_CONFIG_HOME" => _d.Path,
            _ => null,
        });
    }

    public void Dispose() => _d.Dispose();
}
