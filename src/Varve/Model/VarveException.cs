namespace Varve.Model;

/// <summary>
/// The one exception of the library: what happened, to what, and what to do next. Misuse of the API throws standard
/// exceptions; expected absence is null; failures of single files are data (<see cref="Failure"/>).
/// </summary>
public sealed class VarveException : Exception
{
    /// <summary>Creates it. <paramref name="message"/> is a sentence without full stop that names the object; <paramref name="hint"/> says what to do next.</summary>
    public VarveException(ErrorKind kind, string message, string? hint = null, Exception? inner = null) : base(message, inner)
    {
        Kind = kind;
        Hint = hint;
    }

    /// <summary>Which of the closed set of kinds.</summary>
    public ErrorKind Kind { get; }

    /// <summary>What the user can do next, or null.</summary>
    public string? Hint { get; }

    /// <summary>Bytes of the named object are not what was written.</summary>
    public static VarveException Damaged(string what, string how) =>
        new(ErrorKind.Damaged, $"{what} is damaged: {how}", "Run 'varve check' to see everything that is affected.");
}
