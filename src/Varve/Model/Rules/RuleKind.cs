namespace Varve.Model.Rules;

/// <summary>What a rule's text is.</summary>
internal enum RuleKind
{
    /// <summary>A pattern of gitignore.</summary>
    Glob,
    /// <summary>A regular expression over the path that is read.</summary>
    ActualPath,
    /// <summary>A regular expression over the path that is recorded.</summary>
    CanonicalPath,
}
