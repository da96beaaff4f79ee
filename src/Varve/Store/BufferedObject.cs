namespace Varve.Store;

/// <summary>A staged object in memory, for stores that take whole objects only.</summary>
internal sealed class BufferedObject(IStore store) : IStagedObject
{
    private readonly MemoryStream _bytes = new();

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <inheritdoc/>
    public bool Commit(string key) => store.Put(key, _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length));

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
