using Varve.Backup.Run;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// The files to read of a directory whose entries lie in several: taken along from who examined it, before that examines another, and
/// handed out by where they lie. Used by the examiner's thread.
/// </summary>
internal sealed class OriginFiles
{
    private readonly DirectoryExaminer _examiner;
    private readonly List<(int Now, int Known)> _files;
    private readonly List<FileGroup> _groups;

    /// <summary>Takes those of the directory that was examined last.</summary>
    internal OriginFiles(DirectoryExaminer examiner)
    {
        _examiner = examiner;
        _files = [.. Enumerable.Range(0, examiner.Files.Count).Select(f => examiner.Files[f])];
        _groups = [.. examiner.Files.Groups];
    }

    /// <summary>Hands them out: files by the directory they lie in, groups, which know theirs, with <paramref name="any"/>.</summary>
    internal void Enqueue(DirectoryNode node, DirectoryHandle any)
    {
        foreach (IGrouping<DirectoryHandle, (int Now, int Known)> group in _files.GroupBy(f => node.Origins!.Handle(f.Now)))
        {
            _examiner.Files.Clear();
            foreach ((int now, int known) in group) { _examiner.Files.Add(now, known); }
            _examiner.Enqueue(node, group.Key);
        }

        _examiner.Files.Clear();
        _examiner.Files.Groups.AddRange(_groups);
        _examiner.Enqueue(node, any);
    }
}
