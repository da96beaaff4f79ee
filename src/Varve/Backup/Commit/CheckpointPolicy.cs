namespace Varve.Backup.Commit;

/// <summary>When a run makes a checkpoint: as soon as one of these is reached. Tests that kill runs make it happen often.</summary>
/// <param name="Interval">Time since the last one.</param>
/// <param name="StoredBytes">Bytes stored since the last one.</param>
/// <param name="PendingChunks">Chunks in no index run yet; bounds the memory they take.</param>
internal sealed record CheckpointPolicy(TimeSpan Interval, long StoredBytes, int PendingChunks)
{
    /// <summary>60 s, 1 GiB, 65,536 chunks.</summary>
    internal static CheckpointPolicy Default { get; } = new(TimeSpan.FromSeconds(60), 1L << 30, 1 << 16);
}
