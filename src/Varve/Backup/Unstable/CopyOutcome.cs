namespace Varve.Backup.Unstable;

/// <summary>What came of copying a file (<see cref="MomentCopier"/>).</summary>
internal enum CopyOutcome : byte
{
    /// <summary>The copy is the file at the moment of the stat that came with it.</summary>
    Moment,
    /// <summary>The file changed meanwhile.</summary>
    Differs,
    /// <summary>The file is too large for the place.</summary>
    NoRoom,
    /// <summary>At that moment there was a file that it belongs together with, and that is copied nowhere.</summary>
    NotAlone,
}
