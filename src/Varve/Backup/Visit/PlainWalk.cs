using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// Walks a source that is one root: the usual case. The pseudo directory that holds the root's entry goes through the same steps as any
/// other; the walk starts below it.
/// </summary>
internal sealed class PlainWalk(WalkStage first, SourceTree source, WalkEnd end)
{
    /// <summary>Walks everything, and again what is out of date then; returns when all is visited.</summary>
    internal void Run(CancellationToken cancelled)
    {
        DirectoryExaminer mine = first.Examiners[0];
        SourceRoot root = source.Root;
        var top = new DirectoryNode { Device = root.Stat.Device, Listing = first.Pass.Tables.Rent(), Base = (root.RealPath, 0) };
        top.Listing.Add(source.Name, in root.Stat);
        if (!source.Name.AsSpan().SequenceEqual(root.Name))
        {
            top.Origins = new EntryOrigins();
            top.Origins.Add(root.Parent, root.Name, mountKey: 0, below: 0);
        }

        mine.Examine(top, root.Parent);
        mine.Enqueue(top, root.Parent);
        if (root.Stat.Kind == EntryKind.Directory)
        {
            Walk(first, top, seen: -1, cancelled);
            while (end(top, cancelled) is { } again) { Walk(again, top, Revisit.Root, cancelled); }
        }

        else { mine.Flush(); }

        mine.Assembler.PartDone(top);
    }

    private void Walk(WalkStage stage, DirectoryNode top, int seen, CancellationToken cancelled)
    {
        SourceRoot root = source.Root;
        Interlocked.Increment(ref top.Pending);
        DirectoryNode node = top.Child(0, in root.Stat, seen, stage.Pass.Dirty?.Root);
        DirectoryHandle handle = root.OpenDirectory();
        try
        {
            var visitor = new DirectoryVisitor(stage.Pass, stage.Examiners, root, source.Layers[0].LivePath, []);
            var options = new WalkOptions { Threads = stage.Examiners.Length };
            new Walker<DirectoryNode>(visitor, stage.Pass.Tables, options).Run(handle, node, cancelled);
            stage.Examiners[0].Flush();
        }
        finally { handle.Release(); }
    }
}
