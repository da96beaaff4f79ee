using System.Text;
using System.Text.Json;
using Varve.App;
using Varve.App.Host;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Sources;

/// <summary>Somebody with a home who runs the whole program in this process, on hosts of whatever name.</summary>
internal sealed class Person : IDisposable
{
    private readonly ScratchDirectory _d = new();

    internal Person()
    {
        Directory.CreateDirectory(this["home"]);
        Environment["HOME"] = this["home"];
        Environment["VARVE_HOST"] = "desk";
    }

    internal Dictionary<string, string> Environment { get; } = [];

    /// <summary>What the last command wrote to standard output.</summary>
    internal string Output { get; private set; } = "";

    /// <summary>And to standard error.</summary>
    internal string Error { get; private set; } = "";

    internal string this[string name] => Path.Combine(_d.Path, name);

    /// <summary>The exit code.</summary>
    internal int Try(params string[] args)
    {
        using var output = new MemoryStream();
        var error = new StringWriter { NewLine = "\n" };
        int code = Program.Run(args, new Surroundings
        {
            Output = output, Error = error, Environment = name => Environment.GetValueOrDefault(name),
        });
        (Output, Error) = (Encoding.UTF8.GetString(output.ToArray()), error.ToString());
        return code;
    }

    /// <summary>What a command prints that succeeds.</summary>
    internal string Run(params string[] args)
    {
        int code = Try(args);
        Assert.True(code == 0, $"exit code {code}: {Output}\n{Error}");
        return Output;
    }

    /// <summary>The last object that a command prints as JSON.</summary>
    internal JsonElement Json(params string[] args) => Lines([.. args, "--json"])[^1];

    /// <summary>All objects that a command prints as JSON.</summary>
    internal List<JsonElement> Lines(params string[] args) =>
        [.. Run(args.Contains("--json") ? args : [.. args, "--json"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Runs what follows as on another host.</summary>
    internal Person On(string host)
    {
        Environment["VARVE_HOST"] = host;
        return this;
    }

    /// <summary>A file with all directories above it; the path of its directory.</summary>
    internal string Write(string name, string text)
    {
        string path = this[name], directory = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(directory);
        File.WriteAllText(path, text);
        return directory;
    }

    public void Dispose() => _d.Dispose();
}
