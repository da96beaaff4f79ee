using System.Text;
using Varve.App;
using Varve.App.Host;

namespace Varve.Tests.App;

/// <summary>Runs the whole program with captured output and a given environment; no terminal, but perhaps somebody with a secret.</summary>
internal sealed class FakeWorld
{
    private readonly MemoryStream _output = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    internal Dictionary<string, string> Environment { get; } = new() { ["HOME"] = "/nonexistent/home" };

    internal TimeProvider Time { get; init; } = new FakeTime();

    /// <summary>Whether standard output is a terminal.</summary>
    internal bool IsWatched { get; init; }

    /// <summary>What a person answers who is asked for a secret; null if nobody is there.</summary>
    internal string? Secret { get; init; }

    internal string Output => Encoding.UTF8.GetString(_output.ToArray());

    internal string Error => _error.ToString();

    internal int Run(params string[] args) => Run(_output, args);

    /// <summary>Runs a command that must end with that code; what it printed, and nothing of what was printed before.</summary>
    internal string Expect(int code, params string[] args)
    {
        _output.SetLength(0);
        _error.GetStringBuilder().Clear();
        int actual = Run(args);
        Assert.True(actual == code, $"{string.Join(' ', args)}: exit code {actual} instead of {code}; it said:\n{Output}\n{Error}");
        return Output;
    }

    internal int Run(Stream output, params string[] args) => Program.Run(args, new Surroundings
    {
        Output = output,
        Error = _error,
        Environment = name => Environment.GetValueOrDefault(name),
        Time = Time,
        OutputIsTerminal = IsWatched,
        AskSecret = Secret is null ? null : _ => Secret,
    });
}
