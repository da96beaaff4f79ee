namespace Varve;

/// <summary>
/// Something that a run tells people without failing: damage that was worked around, what was left out and why. Facts, as in a
/// <see cref="VarveException"/>; <see cref="ToString"/> composes them for people.
/// </summary>
/// <param name="Subject">What it is about.</param>
/// <param name="What">What is done about it, as a continuation of the subject's name; after a cause's own sentence if there is no subject.
/// May be empty then.</param>
/// <param name="Cause">What happened, if that was an error.</param>
/// <param name="Advice">What somebody can do, unless the cause says it.</param>
public sealed record Notice(Subject Subject, string What, VarveException? Cause = null, Advice Advice = Advice.None)
{
    /// <summary>An error that does not end the run, and what is done about it, if anything.</summary>
    public static Notice Of(VarveException cause, string what = "") => new(Subject.None, what, cause, cause.Advice);

    /// <summary>In words, without the advice.</summary>
    public override string ToString()
    {
        string name = Subject.ToString();
        if (Cause is null) { return name.Length == 0 ? What : $"{name} {What}"; }
        if (name.Length == 0) { return What.Length == 0 ? Cause.Message : $"{Cause.Message}; {What}"; }
        return $"{name} {What}: {Cause.Message}";
    }
}
