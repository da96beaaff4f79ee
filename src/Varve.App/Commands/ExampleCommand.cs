using System.CommandLine;

namespace Varve.App.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Lines to type.</summary>
    internal IReadOnlyList<string> Examples => examples;
}
