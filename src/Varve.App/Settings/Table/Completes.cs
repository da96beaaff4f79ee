namespace Varve.App.Settings.Table;

/// <summary>What a shell offers for a value that is not one of a closed set.</summary>
internal enum Completes
{
    /// <summary>Nothing: only who types it knows it.</summary>
    Nothing,
    /// <summary>Files and directories.</summary>
    Files,
    /// <summary>Directories.</summary>
    Directories,
}
