using Varve.Archives.Feed;
using Varve.Archives.Output;
using Varve.Archives.Tar;
using Varve.Archives.Zip;
using Varve.Model;

namespace Varve.Archives.Write;

/// <summary>
/// The files that an archive becomes: one, or volumes of a size, each of which is an archive by itself. An entry is in one volume; one that
/// is longer than a volume stands alone. Volumes after the first begin with the directories that the next entry is in. Owns the files,
/// which are gone unless they are published. Not thread-safe.
/// </summary>
/// <param name="options">What is archived.</param>
/// <param name="to">Where files are made.</param>
/// <param name="comment">What a volume says of itself: its number from 1, null if it is the only one; whether it is the last.</param>
internal sealed class ArchiveVolumes(ArchiveOptions options, ArchiveDirectory to, Func<int?, bool, ArchiveComment> comment) : IDisposable
{
    /// <summary>So many volumes at most: each is open until all are named.</summary>
    internal const int Most = 1000;

    /// <summary>What a comment takes of a volume at most.</summary>
    private const int MostComment = 4096;

    private readonly List<OutputFile> _files = [];
    private readonly List<ArchiveVolume> _volumes = [];
    private readonly List<ArchiveEntry> _above = []; // with volumes: directories that the last entry is in, the outermost first
    private ITarOutput? _tar;
    private IFormatWriter? _writer;
    private byte[]? _longest;
    private long _longestLength, _entries;

    /// <summary>The files, in their order.</summary>
    internal IReadOnlyList<OutputFile> Files => _files;

    /// <summary>What is in them, without their names.</summary>
    internal IReadOnlyList<ArchiveVolume> Volumes => _volumes;

    /// <summary>Writes a job.</summary>
    /// <exception cref="VarveException">Storage: it cannot be written. Usage: there are too many volumes.</exception>
    internal void Write(ArchiveJob job)
    {
        bool begins = job.Kind is JobKind.Whole or JobKind.Begin && job.Failure is null;
        if (_writer is null) { Open(); }
        if (begins && options.VolumeSize is { } size) { MakeRoom(job, size); }
        _writer!.Write(job);
    }

    /// <summary>All is written: ends the last file, and makes it durable.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal void Finish()
    {
        if (_writer is null) { Open(); }
        End(isLast: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tar?.Dispose();
        foreach (OutputFile file in _files) { file.Dispose(); }
    }

    /// <summary>Begins another volume if what begins now does not fit into this one.</summary>
    private void MakeRoom(ArchiveJob job, long size)
    {
        byte[] path = job.Entry.Path;
        _above.RemoveAll(a => !path.AsSpan().StartsWith(a.Path));
        long length = _writer!.MostOf(job);
        if (!Fits()) { _writer.Settle(); }
        if (!Fits() && _entries > 0)
        {
            End(isLast: false);
            Open();
            foreach (ArchiveEntry directory in _above) { _writer.Write(new ArchiveJob(JobKind.Whole, directory)); }
        }

        if (length > _longestLength) { (_longest, _longestLength) = (path, length); }
        if (job.Entry.Stat.Kind == EntryKind.Directory) { _above.Add(job.Entry); }
        _entries++;

        bool Fits() => _writer!.Bound + length <= size;
    }

    private void Open()
    {
        if (_files.Count == Most)
        {
            throw new VarveException(ErrorKind.Usage, Subject.None,
                "there would be more than 1,000 volumes: choose a larger size for them");
        }

        OutputFile file = OutputFile.Create(to.Fd, to.Place);
        _files.Add(file);
        (_longest, _longestLength, _entries) = (null, 0, 0);
        bool isVolume = options.VolumeSize is not null;
        if (options.Format == ArchiveFormat.Zip)
        {
            _writer = new ZipWriter(file) { MostComment = isVolume ? MostComment : ZipLayout.MostComment };
            return;
        }

        _tar = options.Format switch
        {
            ArchiveFormat.TarZst => new ZstdTarOutput(file, options.Threads),
            ArchiveFormat.TarGz => new GzipTarOutput(file, options.Threads),
            _ => new PlainTarOutput(file),
        };
        _writer = new TarWriter(_tar, tellsLinks: isVolume);
    }

    private void End(bool isLast)
    {
        OutputFile file = _files[^1];
        _writer!.Finish(comment(options.VolumeSize is null ? null : _files.Count, isLast));
        _tar?.Dispose();
        _tar = null;
        file.Sync();
        bool isLonger = file.Position > options.VolumeSize;
        _volumes.Add(new ArchiveVolume([], file.Position, isLonger ? _longest : null));
    }
}
