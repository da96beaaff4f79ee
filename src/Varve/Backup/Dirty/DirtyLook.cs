using Varve.Model.Snapshots;

namespace Varve.Backup.Dirty;

/// <summary>
/// How a run looks at a source of which somebody has watched what changed since the snapshot before: at the directories that are named, and
/// at what is new in them. All else is as that snapshot has it. Thread-safe.
/// </summary>
/// <param name="root">The directories, from the source's root.</param>
/// <param name="linked">Numbers of inodes with several names, all of whose directories are among them.</param>
/// <param name="marks">What that snapshot says was left out: all of it.</param>
internal sealed class DirtyLook(DirtyNode root, IReadOnlySet<ulong> linked, IReadOnlyList<Mark> marks)
{
    private volatile bool _isUnsure;

    /// <summary>The source's root.</summary>
    internal DirtyNode Root => root;

    /// <summary>What was left out of directories that are not looked at.</summary>
    internal CarriedMarks Marks { get; } = new(marks);

    /// <summary>Whether something was found that shows that more may have changed.</summary>
    internal bool IsUnsure => _isUnsure;

    /// <summary>A file with several names has changed, or one of them: the others may lie where nobody looks.</summary>
    internal void SeeLinked(ulong inode)
    {
        if (!linked.Contains(inode)) { _isUnsure = true; }
    }
}
