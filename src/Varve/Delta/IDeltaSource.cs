namespace Varve.Delta;

/// <summary>The file that a <see cref="DeltaMatcher"/> compares, and the threads it may use.</summary>
internal interface IDeltaSource
{
    /// <summary>Reads the file from an offset; fewer bytes than asked for only where it ends. Called by several threads at once.</summary>
    int Read(long offset, Span<byte> destination);

    /// <summary>
    /// Calls <see cref="DeltaMatcher.RunSlice"/> for each number below <paramref name="count"/>, on any threads, and returns when all are
    /// done. What one throws is thrown.
    /// </summary>
    void RunSlices(DeltaMatcher matcher, int count);
}
