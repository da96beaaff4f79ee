using Varve.Backup.Run;

namespace Varve.Backup.Visit;

/// <summary>
/// What is done when every directory has been visited, and before the last part of <paramref name="top"/> is: says how the source is
/// walked once more, or null.
/// </summary>
internal delegate WalkStage? WalkEnd(DirectoryNode top, CancellationToken cancelled);
