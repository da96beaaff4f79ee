using Varve.Catalog;
using Varve.Model;
using Varve.Tree;

namespace Varve.Backup;

/// <summary>What one walker or worker thread owns: its sink, its catalog connection, its writers and buffers. Not thread-safe.</summary>
internal sealed class ThreadTools : IDisposable
{
    private readonly Func<CatalogReader> _openCatalog;
    private CatalogReader? _catalog;
    private readonly ByteWriter _path = new();
    private Repositories.MoveFinder? _moves;
    private byte[] _buffer = [];
    private DirectoryNode? _pathDirectory;
    private int _pathPrefix;

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

    /// <summary>Of the directory that a walker is looking at.</summary>
    internal FileList Files { get; } = new();

    internal DetailsBuilder Details { get; }

    /// <summary>Opened when first needed: a worker of a first backup never asks.</summary>
    internal CatalogReader Catalog => _catalog ??= _openCatalog();

    /// <summary>
    /// A path relative to the source's root, for as long as the next call takes. One that is asked for again and again in the same directory costs a copy of the name.
    /// </summary>
    internal ReadOnlySpan<byte> PathOf(DirectoryNode directory, ReadOnlySpan<byte> name)
    {
        if (directory != _pathDirectory)
        {
            byte[] prefix = directory.Path();
            _pathDirectory = directory;
            _path.Clear();
            _path.Raw(prefix);
            if (prefix.Length > 0) { _path.U8((byte)'/'); }
            _pathPrefix = _path.Length;
        }

        _path.Truncate(_pathPrefix);
        _path.Raw(name);
        return _path.Written;
    }

    /// <summary>Finds where directories were.</summary>
    internal Repositories.MoveFinder Moves(RunContext run) =>
        _moves ??= new(Catalog, run.Source.Id, run.Running, onlyByBirth: (run.Rules & Detect.ChangeRules.IgnoreCtime) != 0);

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
