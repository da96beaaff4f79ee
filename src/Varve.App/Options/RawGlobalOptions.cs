namespace Varve.App.Options;

/// <summary>The options every command takes, as typed. <see cref="GlobalOptions"/> is what they mean.</summary>
internal sealed record RawGlobalOptions
{
    internal string? Repository { get; init; }
    internal string? PasswordFile { get; init; }
    internal string? PasswordCommand { get; init; }
    internal string? KeyFile { get; init; }
    internal string? CacheDirectory { get; init; }
    internal bool Json { get; init; }
}
