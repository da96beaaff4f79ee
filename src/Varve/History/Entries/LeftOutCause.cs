using Varve.Model.Snapshots;

namespace Varve.History.Entries;

/// <summary>Why something is not in a snapshot.</summary>
/// <param name="Path">What was left out: the path that was asked for, or a directory above it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Rule">Of what was excluded: by which rule, if that is known.</param>
/// <param name="Message">Of what failed: how.</param>
internal sealed record LeftOutCause(byte[] Path, LeftOutReason Reason, ExcludeRule? Rule = null, string? Message = null)
{
    private string Place => Rule?.File is { } file ? $" in {file}, line {Rule.Line}" : "";

    /// <summary>A clause for people.</summary>
    public override string ToString() => Reason switch
    {
        LeftOutReason.Failed => $"it could not be saved ({Message})",
        LeftOutReason.Pending => "it is still to come, since the snapshot is partial",
        LeftOutReason.Excluded => Rule is null ? "a rule excluded it" : $"it was excluded by '{Rule.Pattern}'{Place}",
        LeftOutReason.Ignored => Rule is null ? "an ignore file left it out" : $"'{Rule.Pattern}'{Place} left it out",
        LeftOutReason.Tagged => "it lies in a directory with a tag, of which nothing else was kept",
        LeftOutReason.Property => Rule is null ? "it was left out for what it is" : $"it was left out: {Rule.Pattern}",
        LeftOutReason.NotEntered or LeftOutReason.OtherFileSystem => "it lies on another file system, which was not to be entered",
        LeftOutReason.OwnDirectory => "it is of what the backup itself wrote to",
        LeftOutReason.KindNotStored => "it is of a kind that was not stored",
        _ => "it was left out",
    };
}
