using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Passes;

/// <summary>
/// Counts the files and bytes of a source beside the run, so that whoever watches a backup without a snapshot before it, or of a source
/// that has grown beyond that, is told how much there is. One thread, served after all others, which begins when the run has taken a second
/// and gives up when the run overtakes it: then the end is near. It opens no file, writes nothing and reports no failure. Dispose it before
/// the source is let go.
/// </summary>
internal sealed class SourceCount : IWalkVisitor<DirectoryNode>, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Directories that it may take to make up for the run's start: it only lists, so some tenths of a second.</summary>
    private const int Start = 10_000;

    private readonly BackupPass _pass;
    private readonly SourceTree _source;
    private readonly RunProgress _progress;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ulong _device; // of the root at hand
    private long _files, _bytes, _directories;

    private SourceCount(BackupPass pass, SourceTree source, TimeSpan patience)
    {
        (_pass, _source, _progress) = (pass, source, pass.Tally.Progress);
        _thread = new Thread(() => Run(patience)) { Name = "varve-count", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Begins, if somebody watches; else null. <paramref name="pass"/> is its own: nobody else has it.</summary>
    internal static SourceCount? Begin(BackupPass pass, SourceTree source, TimeSpan? patience = null) =>
        pass.Tally.Progress.IsWatched ? new SourceCount(pass, source, patience ?? s_patience) : null;

    private void Run(TimeSpan patience)
    {
        try
        {
            do
            {
                if (_stop.Token.WaitHandle.WaitOne(patience)) { return; }
            }
            while (!_progress.IsBeyondExpected);

            ThreadRank.ServeLast();
            foreach (SourceLayer layer in _source.Layers)
            {
                Walk(layer.Root, layer.Below);
                foreach ((byte[][] path, SourceRoot root) in layer.Mounts) { Walk(root, [.. layer.Below, .. path]); }
            }

            _progress.Expect(_files, _bytes);
        }
        catch (OperationCanceledException)
        {
            // The run is over, or has come further than this.
        }
        catch (VarveException)
        {
            // What cannot be walked is reported by the run.
        }
    }

    private void Walk(SourceRoot root, byte[][] path)
    {
        if (root.Stat.Kind != EntryKind.Directory)
        {
            (_files, _bytes) = (_files + 1, _bytes + root.Stat.Size);
            return;
        }

        _device = root.Stat.Device;
        var node = new DirectoryNode { Parent = new DirectoryNode { Device = _device }, Name = _source.Name, Device = _device };
        foreach (byte[] name in path) { node = new DirectoryNode { Parent = node, Name = name, Device = _device }; }
        DirectoryHandle handle = root.OpenDirectory();
        try { new Walker<DirectoryNode>(this, _pass.Tables, new WalkOptions { Threads = 1 }).Run(handle, node, _stop.Token); }
        finally { handle.Release(); }
    }

    /// <inheritdoc/>
    public void Visit(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DirectoryNode> children)
    {
        node.Listing = listing;
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            if (stat.Kind == EntryKind.File) { (_files, _bytes) = (_files + 1, Model.Bounds.Saturating.Add(_bytes, stat.Size)); }
            bool enters = stat.Kind == EntryKind.Directory && !(_pass.Rules.OneFileSystem && stat.Device != _device)
                && _pass.Rules.OwnAt(node, listing.Name(i), in stat) is null;
            if (enters) { children.Add(i, node.Child(i, in stat)); }
        }

        node.Listing = null!;
        _pass.Return(listing);
        if (++_directories > Start && _progress.Files > _files && _progress.Bytes > _bytes) { throw new OperationCanceledException(); }
    }

    /// <inheritdoc/>
    public bool Includes(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind) =>
        _pass.Rules.IncludesAll || _pass.Rules.Includes(node.Path(name), kind);

    /// <inheritdoc/>
    public void EntryFailed(int worker, DirectoryNode node, ReadOnlySpan<byte> name, Failure failure)
    {
    }

    /// <inheritdoc/>
    public void EntryMissed(int worker, DirectoryNode node, ulong inode)
    {
    }

    /// <inheritdoc/>
    public void Failed(int worker, DirectoryNode node, Failure failure)
    {
    }

    /// <summary>Ends the count, however far it is.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }
}
