namespace Varve.Archives.Tar;

/// <summary>
/// Where a tar goes: as it is, or compressed. What stands at its beginning is known only at its end, so room is left for it that has the
/// same length then. Used by one thread.
/// </summary>
internal interface ITarOutput : IDisposable
{
    /// <summary>Takes what follows the beginning.</summary>
    Stream Stream { get; }

    /// <summary>Leaves room for the beginning, before anything is written.</summary>
    void Reserve(int length);

    /// <summary>Bytes that the file has at most if nothing more is written.</summary>
    long Bound { get; }

    /// <summary>Makes the bound what the file has, as far as it was more.</summary>
    void Settle();

    /// <summary>Everything is written; puts the beginning into its room.</summary>
    void Finish(ReadOnlySpan<byte> beginning);
}
