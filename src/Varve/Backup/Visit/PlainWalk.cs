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
internal sealed class PlainWalk(BackupPass pass, DirectoryExaminer[] examiners, SourceTree source)
{
    /// <summary>Walks everything; returns when all is visited.</summary>
    internal void Run(CancellationToken cancelled)
    {
        DirectoryExaminer mine = examiners[0];
        SourceRoot root = source.Root;
        var visitor = new DirectoryVisitor(pass, examiners, root.Stat.Device);
        var top = new DirectoryNode { Device = root.Stat.Device, Listing = pass.Tables.Rent() };
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
            Interlocked.Increment(ref top.Pending);
            DirectoryNode node = top.Child(0, in root.Stat);
            DirectoryHandle handle = root.OpenDirectory();
            try
            {
                var options = new WalkOptions { Threads = examiners.Length };
                new Walker<DirectoryNode>(visitor, pass.Tables, options).Run(handle, node, cancelled);
            }
            finally { handle.Release(); }
        }

        mine.Assembler.PartDone(top);
    }
}
