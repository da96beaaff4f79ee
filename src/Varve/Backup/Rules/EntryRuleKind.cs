namespace Varve.Backup.Rules;

/// <summary>By what an entry is left out.</summary>
internal enum EntryRuleKind
{
    /// <summary>A file that is larger.</summary>
    Larger,
    /// <summary>What was changed before, but no directory.</summary>
    Older,
    /// <summary>What was changed since, but no directory.</summary>
    Newer,
    /// <summary>What has the attribute that <c>dump</c> goes by.</summary>
    NoDump,
    /// <summary>What has an extended attribute.</summary>
    Xattr,
    /// <summary>What is in a directory with a CACHEDIR.TAG.</summary>
    CacheTag,
    /// <summary>What is in a directory that has an entry of some name.</summary>
    Present,
}
