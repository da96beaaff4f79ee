namespace Varve.App.Output.Parts;

/// <summary>How much of an entry people want to see.</summary>
internal enum EntryView
{
    /// <summary>Its path, or what the list always shows.</summary>
    Short,
    /// <summary>What <c>ls -l</c> shows.</summary>
    Long,
    /// <summary>The bytes of its path, ended by NUL.</summary>
    Raw,
}
