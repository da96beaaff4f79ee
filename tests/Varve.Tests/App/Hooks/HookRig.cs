using Varve.Tests.Kit;

namespace Varve.Tests.App.Hooks;

/// <summary>The program with a configuration that has hooks, which write down what they know.</summary>
internal sealed class HookRig : IDisposable
{
    /// <summary>A command that writes a line down.</summary>
    internal const string Note = "echo \"$VARVE_HOOK/$VARVE_SOURCE/$VARVE_RESULT\" >>\"$OUT/notes\"";

    private readonly ScratchDirectory _d = new();

    internal HookRig()
    {
        foreach (string name in (string[])["docs", "other", "config"])
        {
            Directory.CreateDirectory(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        File.WriteAllText(this["docs/a"], "a");
        File.WriteAllText(this["other/b"], "b");
        World = new FakeWorld
        {
            Environment =
            {
                ["HOME"] = this["home"], ["VARVE_CONFIG"] = this["config/config.yaml"], ["VARVE_REPO"] = this["repository"],
                ["VARVE_KEY_FILE"] = this["key"], ["VARVE_CACHE_DIR"] = this["cache"],
            },
        };
        World.Expect(0, "init");
    }

    internal FakeWorld World { get; }

    /// <summary>What hooks wrote down.</summary>
    internal string[] Notes => File.Exists(this["notes"]) ? File.ReadAllLines(this["notes"]) : [];

    /// <summary>A path in the directory.</summary>
    internal string this[string name] => Path.Combine(_d.Path, name);

    /// <summary>Writes the configuration: $OUT in it is the directory of the rig, and NOTE a command that writes a line down.</summary>
    internal void Configure(string text) => File.WriteAllText(this["config/config.yaml"],
        text.Replace("NOTE", $"'{Note}'", StringComparison.Ordinal).Replace("$OUT", _d.Path, StringComparison.Ordinal));

    /// <summary>How many snapshots there are.</summary>
    internal int Snapshots() => World.Expect(0, "snapshots", "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    public void Dispose() => _d.Dispose();
}
