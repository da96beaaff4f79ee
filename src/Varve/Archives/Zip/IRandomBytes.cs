namespace Varve.Archives.Zip;

/// <summary>Bytes that are read at any place: an archive. Thread-safe.</summary>
internal interface IRandomBytes
{
    /// <summary>How many there are.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="into"/> from a place.</summary>
    /// <exception cref="VarveException">Damaged: there are not so many. Storage: they cannot be read.</exception>
    void Read(long offset, Span<byte> into);
}
