using Varve.Backup.Passes;

namespace Varve.Backup.Visit;

/// <summary>A walk of a pass: the first, or one that visits again what is out of date.</summary>
/// <param name="Pass">The pass as it is for this walk.</param>
/// <param name="Examiners">One for each walker.</param>
internal sealed record WalkStage(BackupPass Pass, DirectoryExaminer[] Examiners);
