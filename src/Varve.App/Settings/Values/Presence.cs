namespace Varve.App.Settings.Values;

/// <summary>How often a positional argument stands.</summary>
internal enum Presence
{
    /// <summary>Once.</summary>
    Required,
    /// <summary>Once or not at all.</summary>
    Optional,
    /// <summary>Any number of times.</summary>
    Any,
}
