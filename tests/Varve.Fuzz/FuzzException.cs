namespace Varve.Fuzz;

/// <summary>A parser did what it must not: it took bytes for something else than they are, or took too much for it.</summary>
internal sealed class FuzzException(string message) : Exception(message);
