namespace Varve;

/// <summary>What opens a key slot: exactly one of password and key file.</summary>
public sealed record Credentials
{
    /// <summary>A password, as typed.</summary>
    public string? Password { get; init; }

    /// <summary>The path of a key file.</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>
    /// Which key slot to try: its label, or the first digits of its name, at least 4. Null for any. What opens a new slot names none.
    /// </summary>
    public string? Slot { get; init; }
}
