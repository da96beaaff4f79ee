namespace Varve;

/// <summary>What opens a key slot: exactly one of the two.</summary>
public sealed record Credentials
{
    /// <summary>A password, as typed.</summary>
    public string? Password { get; init; }

    /// <summary>The path of a key file.</summary>
    public string? KeyFilePath { get; init; }
}
