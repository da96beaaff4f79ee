namespace Varve.Backup.Passes;

/// <summary>What is known of a directory that was listed.</summary>
[Flags]
internal enum SeenState : byte
{
    None = 0,

    /// <summary>It changed since the run began, or its listing turned out to be out of date: it may well change again.</summary>
    Busy = 1,

    /// <summary>Several places make it up.</summary>
    Merged = 2,

    /// <summary>It is not where it was.</summary>
    Gone = 4,

    /// <summary>And the snapshot has it not under that name either.</summary>
    Lost = 8,
}
