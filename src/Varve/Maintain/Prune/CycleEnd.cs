namespace Varve.Maintain.Prune;

/// <summary>How a cycle ended.</summary>
internal enum CycleEnd
{
    /// <summary>There was nothing to delete.</summary>
    NothingToDo,

    /// <summary>All that was condemned is deleted.</summary>
    Deleted,

    /// <summary>What is condemned waits for others, or is kept for a while.</summary>
    Waiting,

    /// <summary>Something that was condemned is needed by now: all was undone.</summary>
    Again,

    /// <summary>Another prune took this one for dead.</summary>
    Fenced,

    /// <summary>Another prune is at work: its list and session are gone, for the other may wait for the session.</summary>
    Yields,
}
