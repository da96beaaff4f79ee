using System.Text.Json.Serialization;
using Varve.App.Output.Json;

namespace Varve.App.Output.Parts;

/// <summary>A path that could not be read or written, in a list of such.</summary>
internal readonly struct FailureReport
{
    private readonly Failure _failure;

    internal FailureReport(Failure failure) => _failure = failure;

    /// <summary>How many a list has.</summary>
    internal const int Most = 10_000;

    public ByteText Path => new(_failure.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string Operation => FailureText.Operation(_failure.Operation);
    public int Errno => _failure.Errno;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Attribute => _failure.Attribute;
    public string Message => _failure.Message;

    /// <summary>The first of the failures.</summary>
    internal static IEnumerable<FailureReport> Of(IReadOnlyList<Failure> failures) =>
        failures.Take(Most).Select(static f => new FailureReport(f));
}
