namespace Varve.App.Host;

/// <summary>File descriptor 0 as a stream.</summary>
internal static class StandardInput
{
    /// <summary>The stream; at its end at once if the process was started without.</summary>
    internal static Stream Open() => Console.OpenStandardInput();
}
