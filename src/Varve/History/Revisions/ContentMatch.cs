namespace Varve.History.Revisions;

/// <summary>A line of a revision of a file that has what was looked for. Immutable.</summary>
/// <param name="Revision">The revision, as the first snapshot with that content has it.</param>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Text">The line, bytes, without its end.</param>
internal sealed record ContentMatch(HistoryEntry Revision, long Line, byte[] Text);
