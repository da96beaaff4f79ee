namespace Varve.App.Settings.Configuration;

/// <summary>What somebody may do with a repository that is served.</summary>
internal enum ServeMode
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>Also add what a backup makes; nothing that is there is replaced or removed.</summary>
    Append,

    /// <summary>Everything.</summary>
    Full,
}
