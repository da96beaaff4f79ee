using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Walk;

namespace Varve.Backup.Order;

/// <summary>Takes the files that are to be read from the walkers, and gives them to the workers in an order. Thread-safe.</summary>
internal interface IFileFeed : IDisposable
{
    /// <summary>
    /// Files of a directory. May wait for room, and hand out what is there. The caller has a part of the node that is not done.
    /// </summary>
    /// <param name="node">The directory.</param>
    /// <param name="handle">What they are opened in, but for those that lie elsewhere.</param>
    /// <param name="files">The files; the caller's again after the call.</param>
    /// <param name="assembler">The caller's.</param>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    void Add(DirectoryNode node, DirectoryHandle handle, FileList files, TreeAssembler assembler);

    /// <summary>The walk is over: all that is left is handed out.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    void Flush(TreeAssembler assembler);
}
