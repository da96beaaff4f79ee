namespace Varve.Lookup;

/// <summary>
/// Reads a run's records in order, many at a time and without making the mapping resident; checks each, and that they ascend.
/// </summary>
internal sealed class RunCursor(RunReader run)
{
    private const int Batch = 512;

    private readonly byte[] _buffer = new byte[(int)Math.Min(Batch, run.ChunkCount) * RunLayout.ChunkLength];
    private RunChunk _last;
    private uint _next;

    /// <summary>The next record; false at the end.</summary>
    internal bool Next(out RunChunk chunk)
    {
        chunk = default;
        if (_next == run.ChunkCount) { return false; }
        uint at = _next % Batch;
        if (at == 0) { run.ReadRecords(_next, _buffer.AsSpan(0, (int)Math.Min(Batch, run.ChunkCount - _next) * RunLayout.ChunkLength)); }
        chunk = run.Checked(_next, _buffer.AsSpan((int)at * RunLayout.ChunkLength, RunLayout.ChunkLength));
        if (_next > 0 && _last.CompareTo(chunk) >= 0) { throw run.Damaged("its chunks are out of order"); }
        (_last, _next) = (chunk, _next + 1);
        return true;
    }
}
