namespace Varve.App.Output;

/// <summary>
/// Who read our standard output has gone. Not an <see cref="IOException"/>, so that nobody on the way takes it for a failed store.
/// </summary>
internal sealed class BrokenPipeException : Exception;
