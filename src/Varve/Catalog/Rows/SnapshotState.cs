namespace Varve.Catalog.Rows;

/// <summary>How far a snapshot is.</summary>
internal enum SnapshotState
{
    /// <summary>Its run goes on, or was killed and is to be resumed.</summary>
    Running = 1,
    /// <summary>Its object is being written: the repository may or may not have it.</summary>
    Committing = 2,
    /// <summary>The repository has it.</summary>
    Complete = 3,
}
