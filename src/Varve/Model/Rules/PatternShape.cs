namespace Varve.Model.Rules;

/// <summary>What a pattern takes to be matched.</summary>
internal enum PatternShape
{
    /// <summary>Nothing matches it.</summary>
    Never,
    /// <summary>A name or a path as it stands.</summary>
    Literal,
    /// <summary>The end of a name: a star and what follows.</summary>
    Ending,
    /// <summary>Anything else.</summary>
    Wild,
}
