using System.Text;
using Varve.Archives.Extract;
using Varve.Tests.Kit;

namespace Varve.Tests.Archives.Extract;

/// <summary>A directory with a tree, an archive that some program makes of it, and a target.</summary>
internal sealed class ExtractRig : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public string this[string name] => Path.Combine(_d.Path, name);

    public string Tree => this["tree"];

    public string Target => this["target"];

    public void Dispose() => _d.Dispose();

    /// <summary>Runs a shell command in the directory.</summary>
    public void Shell(string command) => Programs.Run("env", "LC_ALL=C.UTF-8", "bash", "-ec", $"cd '{_d.Path}'; {command}");

    /// <summary>Extracts an archive.</summary>
    public ExtractResult Extract(string archive, Func<ExtractOptions, ExtractOptions>? with = null)
    {
        var options = new ExtractOptions
        {
            Archive = Encoding.UTF8.GetBytes(this[archive]), Target = Encoding.UTF8.GetBytes(Target), Threads = 3,
            Time = TimeProvider.System,
        };
        if (with is not null) { options = with(options); }
        return Within.Run(() => Extractor.Run(options, new ExtractTally(), TestContext.Current.CancellationToken));
    }

    /// <summary>The names of what failed, with the reason.</summary>
    public static IEnumerable<string> Failed(ExtractResult result) =>
        result.Failures.Select(static f => $"{Encoding.Latin1.GetString(f.Path)}: {f.Message}").Order(StringComparer.Ordinal);
}
