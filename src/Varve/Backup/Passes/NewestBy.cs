namespace Varve;

/// <summary>Which time of a file tells how new it is, for <see cref="BackupOptions.NewestFirst"/>.</summary>
public enum NewestBy
{
    /// <summary>Its last change of content; of one that lies in the future, its last change of anything.</summary>
    Mtime,
    /// <summary>Its last change of anything, as the system stamped it: programs cannot set that.</summary>
    Ctime,
}
