using Varve.Model;

namespace Varve.App.Output;

/// <summary>What to do next, in words: the one place where advice meets commands and options. A test holds that all it names exist.</summary>
internal static class AdviceText
{
    /// <summary>A sentence or two, or null if there is nothing to say.</summary>
    internal static string? Of(VarveException error) => error.Hint ?? Of(error.Advice, error.Subject);

    /// <summary>A sentence or two, or null if there is nothing to say.</summary>
    internal static string? Of(Advice advice, Subject subject) => advice switch
    {
        Advice.CheckRepository => "Run 'varve check' to see everything that is affected.",
        _ => null,
    };
}
