using Varve.Model.Snapshots;

namespace Varve.Backup.Dirty;

/// <summary>
/// What the snapshot before says was left out, and what holds of it for directories that are not looked at. Thread-safe.
/// </summary>
internal sealed class CarriedMarks
{
    private static readonly Comparer<Mark> s_byPath = Comparer<Mark>.Create(static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path));

    private readonly SortedSet<Mark> _marks; // guarded by itself

    /// <param name="marks">All that it says.</param>
    internal CarriedMarks(IReadOnlyList<Mark> marks) => _marks = new SortedSet<Mark>(marks, s_byPath);

    /// <summary>What is left of them, by path.</summary>
    internal IReadOnlyList<Mark> Rest
    {
        get { lock (_marks) { return [.. _marks]; } }
    }

    /// <summary>A directory is looked at: what was left out of it does not count.</summary>
    internal void ForgetIn(byte[] directory)
    {
        int from = directory.Length == 0 ? 0 : directory.Length + 1;
        Forget(directory, mark => mark.Path.AsSpan(from).IndexOf((byte)'/') < 0);
    }

    /// <summary>The same of all below it.</summary>
    internal void ForgetBelow(byte[] directory) => Forget(directory, static _ => true);

    private void Forget(byte[] directory, Predicate<Mark> isMeant)
    {
        lock (_marks)
        {
            if (_marks.Count == 0) { return; }
            IEnumerable<Mark> below = _marks;
            if (directory.Length > 0)
            {
                // '0' follows '/', and is a name of its own.
                var end = new Mark([.. directory, (byte)'0'], default);
                below = _marks.GetViewBetween(new Mark([.. directory, (byte)'/'], default), end).Where(m => s_byPath.Compare(m, end) != 0);
            }

            foreach (Mark mark in (Mark[])[.. below.Where(m => isMeant(m))]) { _marks.Remove(mark); }
        }
    }
}
