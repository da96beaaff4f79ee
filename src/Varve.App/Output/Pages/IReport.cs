using System.Text.Json.Serialization.Metadata;

namespace Varve.App.Output.Pages;

/// <summary>
/// Something a command has to say. Its public properties, in their order, are the members of its JSON object (docs/json.md): a contract.
/// </summary>
internal interface IReport<TSelf> where TSelf : IReport<TSelf>
{
    /// <summary>How it becomes JSON.</summary>
    static abstract JsonTypeInfo<TSelf> Shape { get; }

    /// <summary>Prints it for people.</summary>
    void Print(Page page);
}
