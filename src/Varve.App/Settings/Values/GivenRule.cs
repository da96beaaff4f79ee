using Varve.Model.Snapshots;

namespace Varve.App.Settings.Values;

/// <summary>A rule, or a file of rules that is read when they are needed.</summary>
/// <param name="Rule">The rule; of a file, where that was named.</param>
/// <param name="File">The absolute path of the file, behind what all its lines are; null for a single rule.</param>
internal sealed record GivenRule(ExcludeRule Rule, string? File = null)
{
    /// <summary>The rules that it comes to.</summary>
    /// <exception cref="VarveException">Usage: the file cannot be read, or a rule in it makes no sense.</exception>
    internal IReadOnlyList<ExcludeRule> Read() => File is null ? [Rule] : RuleSources.Read(File, Rule.Origin);
}
