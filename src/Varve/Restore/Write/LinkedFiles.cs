using Varve.Restore.Target;

namespace Varve.Restore.Write;

/// <summary>
/// Entries with several names: where the first of them is, and which inode it became. Costs some 200 bytes for each, since nobody knows
/// which further names will come. Thread-safe: the planner finds names, workers make files.
/// </summary>
internal sealed class LinkedFiles
{
    /// <summary>The name that others become hard links to. A reference to its directory is held.</summary>
    /// <param name="Directory">Where.</param>
    /// <param name="Name">One component.</param>
    /// <param name="Attributes">Flags that it is to get when all names are there.</param>
    /// <param name="Id">The inode; none until it is made.</param>
    /// <param name="Tries">How many names were first before.</param>
    internal readonly record struct First(TargetDirectory Directory, byte[] Name, uint Attributes, TargetFileId Id, int Tries)
    {
        /// <summary>Whether the entry is there.</summary>
        internal bool IsMade => Id != default;
    }

    // Guarded by itself.
    private readonly Dictionary<ulong, First> _first = [];

    /// <summary>Makes this the first name of a group; false if there is one.</summary>
    internal bool TryBegin(ulong group, TargetDirectory directory, ReadOnlySpan<byte> name, uint attributes)
    {
        lock (_first)
        {
            if (_first.ContainsKey(group)) { return false; }
            directory.AddReference();
            _first[group] = new First(directory, name.ToArray(), attributes, default, 0);
            return true;
        }
    }

    /// <summary>The first name of a group.</summary>
    internal First Find(ulong group)
    {
        lock (_first) { return _first[group]; }
    }

    /// <summary>It was made. Nothing for an entry without a group (0).</summary>
    internal void Made(ulong group, TargetFileId id)
    {
        if (group == 0) { return; }
        lock (_first)
        {
            if (_first.TryGetValue(group, out First first)) { _first[group] = first with { Id = id }; }
        }
    }

    /// <summary>Makes another name the first: those that follow become links to that. Returns the one before, with its reference.</summary>
    internal First Replace(ulong group, TargetDirectory directory, byte[] name)
    {
        lock (_first)
        {
            First before = _first[group];
            directory.AddReference();
            _first[group] = new First(directory, name, before.Attributes, default, before.Tries + 1);
            return before;
        }
    }

    /// <summary>All first names; the references are the caller's.</summary>
    internal First[] TakeAll()
    {
        lock (_first)
        {
            First[] all = [.. _first.Values];
            _first.Clear();
            return all;
        }
    }
}
