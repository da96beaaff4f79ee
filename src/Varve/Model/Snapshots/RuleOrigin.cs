namespace Varve.Model.Snapshots;

/// <summary>Where a rule was given. The numbers are the format's (docs/format.md, 8.5).</summary>
internal enum RuleOrigin : byte
{
    /// <summary>That is not said.</summary>
    Unknown = 0,
    /// <summary>To this run: <see cref="BackupOptions.Excludes"/>.</summary>
    Option = 1,
    /// <summary>In a configuration: <see cref="BackupOptions.ConfiguredExcludes"/>.</summary>
    Configuration = 2,
    /// <summary>In an ignore file of the tree, which was asked for.</summary>
    IgnoreFile = 5,
    /// <summary>It is no path's: it goes by what an entry has, or by what a directory holds.</summary>
    Property = 6,
}
