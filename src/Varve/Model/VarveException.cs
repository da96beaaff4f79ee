using Varve.Model;

namespace Varve;

/// <summary>
/// The one exception of the library, as facts: which kind, about what, what happened, what to do next. Misuse of the API throws standard
/// exceptions; expected absence is null; failures of single files are data (<see cref="Failure"/>). Programs decide by the facts and never
/// by <see cref="Exception.Message"/>, which is composed from them for people.
/// </summary>
public sealed class VarveException : Exception
{
    private readonly bool? _isRetryable;

    /// <summary>
    /// Creates it. <paramref name="what"/> continues the subject's name to a sentence without full stop ("cannot be opened: Permission
    /// denied"); for <see cref="ErrorKind.Damaged"/> it says how ("it is cut short"). It names no command, option or environment variable
    /// of a program.
    /// </summary>
    public VarveException(ErrorKind kind, Subject subject, string what, Advice advice = Advice.None, Exception? inner = null)
        : base(Compose(kind, subject, what), inner)
    {
        Kind = kind;
        Subject = subject;
        What = what;
        Advice = advice;
    }

    /// <summary>Which of the closed set of kinds.</summary>
    public ErrorKind Kind { get; }

    /// <summary>What it is about.</summary>
    public Subject Subject { get; }

    /// <summary>What happened to it, without its name.</summary>
    public string What { get; }

    /// <summary>What the user can do next.</summary>
    public Advice Advice { get; }

    /// <summary>
    /// True if doing the same again later, unchanged, may succeed: another process holds what is needed and will let go, or a store did not
    /// answer. False when somebody must do something first. If the thrower says nothing, <see cref="ErrorKind.Busy"/> is retryable and all
    /// else is not.
    /// </summary>
    public bool IsRetryable
    {
        get => _isRetryable ?? Kind == ErrorKind.Busy;
        init => _isRetryable = value;
    }

    /// <summary>The sources that somebody may mean whose words fit several; all there are, where the words fit none. Else none.</summary>
    public IReadOnlyList<SourceInfo> Sources { get; init; } = [];

    /// <summary>
    /// The snapshots that may be meant, where what somebody says of one fits several; or the first there is, where an earlier one is asked
    /// for. Else none. For the program.
    /// </summary>
    internal IReadOnlyList<NamedSnapshot> Snapshots { get; init; } = [];

    /// <summary>Bytes of the subject are not what was written.</summary>
    public static VarveException Damaged(Subject subject, string how, Exception? inner = null) =>
        new(ErrorKind.Damaged, subject, how, Advice.CheckRepository, inner);

    /// <summary>
    /// The same error about <paramref name="subject"/>, if the thrower knew no name: a part that it gave becomes a part of the subject.
    /// An error that has a name keeps it. For layers that know what the layer below was reading.
    /// </summary>
    public VarveException At(Subject subject)
    {
        if (Subject.Kind != SubjectKind.None) { return this; }
        return With(Subject.Part is null ? subject : subject.Within(Subject.Part), What);
    }

    /// <summary>
    /// The same error at a place that a person wrote, such as a line of a configuration; one that has such a place keeps it.
    /// </summary>
    public VarveException AtPlace(Subject place) => Subject.Kind == SubjectKind.Configuration ? this : With(place, Message);

    /// <summary>What happened, for a list that names <paramref name="subject"/> itself: that name is left out, any other stays.</summary>
    public string Reason(Subject subject)
    {
        if (Subject.Kind != subject.Kind || Subject.Name != subject.Name) { return Message; }
        return Subject.Part is null ? What : Compose(Kind, Subject.PartOnly(Subject.Part), What);
    }

    private VarveException With(Subject subject, string what) =>
        new(Kind, subject, what, Advice, this) { IsRetryable = IsRetryable, Sources = Sources, Snapshots = Snapshots };

    // The one place that makes a sentence of subject and what happened.
    private static string Compose(ErrorKind kind, Subject subject, string what)
    {
        string name = subject.ToString();
        return (kind, subject.Kind) switch
        {
            (_, SubjectKind.Command or SubjectKind.Configuration or SubjectKind.Volume) => $"{name}: {what}",
            (ErrorKind.NoRepository, SubjectKind.Repository) =>
                $"there is no repository at {subject.Name}" + (what.Length == 0 ? "" : ": " + what),
            (_, SubjectKind.Source) => $"cannot back up {name}: {what}",
            (ErrorKind.Damaged, _) => name.Length == 0 ? $"damaged: {what}" : $"{name} is damaged: {what}",
            _ => name.Length == 0 ? what : $"{name} {what}",
        };
    }
}
