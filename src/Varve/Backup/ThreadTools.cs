using Varve.Catalog;
using Varve.Model;
using Varve.Tree;

namespace Varve.Backup;

/// <summary>What one walker or worker thread owns: its sink, its catalog connection, its writers and buffers. Not thread-safe.</summary>
internal sealed class ThreadTools : IDisposable
{
    private readonly Func<CatalogReader> _openCatalog;
    private CatalogReader? _catalog;
    private byte[] _buffer = [];

    internal ThreadTools(ChunkSink sink, IOwnerNames owners, Func<CatalogReader> openCatalog)
    {
        Sink = sink;
        _openCatalog = openCatalog;
        Tree = new TreeWriter(sink.StoreMeta, owners);
        Details = new DetailsBuilder(sink.StoreMeta);
    }

    internal ChunkSink Sink { get; }

    internal TreeWriter Tree { get; }

    internal ByteWriter Scratch { get; } = new();

    internal DetailsBuilder Details { get; }

    /// <summary>Opened when first needed: a worker of a first backup never asks.</summary>
    internal CatalogReader Catalog => _catalog ??= _openCatalog();

    /// <summary>A buffer of at least that many bytes, the same every time.</summary>
    internal byte[] Buffer(int length)
    {
        if (_buffer.Length < length) { _buffer = GC.AllocateUninitializedArray<byte>((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, 64 << 10))); }
        return _buffer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _catalog?.Dispose();
        Sink.Dispose();
    }
}
