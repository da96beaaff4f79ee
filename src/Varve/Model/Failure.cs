namespace Varve;

/// <summary>A path that could not be backed up or restored: data in the result, never an exception.</summary>
/// <param name="Path">Relative to the root of the source or target, bytes; empty for the root itself.</param>
/// <param name="Operation">What was being done.</param>
/// <param name="Errno">The system's error number, 0 if there was none.</param>
/// <param name="Message">One line for people.</param>
public sealed record Failure(byte[] Path, FailedOperation Operation, int Errno, string Message);
