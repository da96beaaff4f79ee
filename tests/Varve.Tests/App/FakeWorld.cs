using System.Text;
using Varve.App;
using Varve.App.Host;

namespace Varve.Tests.App;

/// <summary>Runs the whole program with captured output, a given environment and no terminal.</summary>
internal sealed class FakeWorld
{
    private readonly MemoryStream _output = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    internal Dictionary<string, string> Environment { get; } = new() { ["HOME"] = "/nonexistent/home" };

    internal string Output => Encoding.UTF8.GetString(_output.ToArray());

    internal string Error => _error.ToString();

    internal int Run(params string[] args) => Run(_output, args);

    internal int Run(Stream output, params string[] args) => Program.Run(args, new Surroundings
    {
        Output = output,
        Error = _error,
        Environment = name => Environment.GetValueOrDefault(name),
        Time = new FakeTime(),
    });
}
