namespace Varve.Backup.Mapped;

/// <summary>A directory of the source as it is recorded, and which directories there are have entries for it. Used by one thread.</summary>
internal sealed class MappedDirectory(MappedDirectory? parent, byte[] name)
{
    private const int Few = 4;

    private HashSet<ActualDirectory>? _set; // of the parts, when they are many

    internal MappedDirectory? Parent { get; } = parent;

    internal byte[] Name { get; } = name;

    /// <summary>Child directories by name, one character for each byte.</summary>
    internal Dictionary<string, MappedDirectory> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Directories that have entries which lie in this one.</summary>
    internal List<ActualDirectory> Parts { get; } = [];

    /// <summary>Directories that are this one.</summary>
    internal List<ActualDirectory> Own { get; } = [];

    /// <summary>Whether it and all below it are one directory and all below that, each under its own name and where it would be
    /// anyway.</summary>
    internal bool IsPlain { get; private set; }

    /// <summary>Adds a part, once.</summary>
    internal void Add(ActualDirectory part)
    {
        if (Parts.Count > 0 && Parts[^1] == part) { return; }
        if (Parts.Count == Few) { _set = [.. Parts]; }
        if (_set is not null ? !_set.Add(part) : Parts.Contains(part)) { return; }
        Parts.Add(part);
    }

    /// <summary>Finds out about <see cref="IsPlain"/>; of its children it is known.</summary>
    internal void Judge()
    {
        if (Own is not [var own] || !own.IsDirect || !own.IsAtHome || own.Children != Children.Count) { return; }
        if (Parts.Count > 1 || (Parts.Count == 1 && Parts[0] != own)) { return; }
        foreach (MappedDirectory child in Children.Values)
        {
            if (!child.IsPlain || child.Own[0].Parent != own) { return; }
        }

        IsPlain = true;
    }
}
