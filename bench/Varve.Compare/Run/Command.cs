namespace Varve.Compare.Run;

/// <summary>A program to run.</summary>
/// <param name="Program">Path, or a name that PATH finds.</param>
/// <param name="Arguments">Without the program's own name.</param>
internal sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables added to the runner's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it runs; the runner's folder if null.</summary>
    public string? Directory { get; init; }

    /// <summary>
    /// A pipeline or other line for the shell, which sees the arguments as $1, $2...; it fails if any of its parts fails.
    /// </summary>
    public static Command Shell(string script, params IReadOnlyList<string> arguments) =>
        new("bash", ["-o", "pipefail", "-c", script, "bash", .. arguments]);

    /// <summary>As a person would type it, roughly.</summary>
    public override string ToString() => string.Join(' ', [Program, .. Arguments]);
}
