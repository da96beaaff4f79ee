namespace Varve.Tests.Architecture;

/// <summary>One place that breaks a rule.</summary>
/// <param name="Path">The file, relative to the repository's root.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="What">What is wrong there.</param>
internal readonly record struct Violation(string Path, int Line, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}:{Line}: {What}";
}
