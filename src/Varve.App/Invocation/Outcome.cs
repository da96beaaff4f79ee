namespace Varve.App.Invocation;

/// <summary>How a command ended; the worse the higher.</summary>
internal enum Outcome
{
    /// <summary>All done.</summary>
    Done,
    /// <summary>Done, but some files could not be read or written.</summary>
    Incomplete,
    /// <summary>Not done, since a command failed that was to run before.</summary>
    Prevented,
    /// <summary>Failed: damage was found, or a source could not be backed up at all.</summary>
    Failed,
}
