using Varve.Maintain.Sessions;
using Varve.Tree;
using Varve.Vault.Objects;
using Varve.Vault.Open;

namespace Varve.Maintain.Prune;

/// <summary>What lists of other prunes come to, as they were listed with final marks and decisions. Immutable.</summary>
/// <param name="Condemned">All packs that they name.</param>
/// <param name="Dead">Those of lists with a final mark whose prunes are over: one may wake and delete them.</param>
/// <param name="Undone">Lists without a final mark whose prunes are over: such a prune finds the fence when it wakes, and stops.</param>
internal sealed record OtherPrunes(
    IReadOnlySet<ObjectName> Condemned, IReadOnlySet<ObjectName> Dead, IReadOnlySet<ObjectName> Undone)
{
    internal static OtherPrunes Of(
        IReadOnlyList<CondemnedList> others, IReadOnlyList<(ObjectName Name, FinalMark Mark)> finals, FenceBook fences)
    {
        HashSet<ObjectName> marked = [.. finals.Select(static f => f.Mark.List)];
        CondemnedList[] over = [.. others.Where(l => fences.IsDecided(l.Content.Session))];
        return new OtherPrunes(
            others.SelectMany(static l => l.Content.Packs).ToHashSet(),
            over.Where(l => marked.Contains(l.Name)).SelectMany(static l => l.Content.Packs).ToHashSet(),
            over.Where(l => !marked.Contains(l.Name)).Select(static l => l.Name).ToHashSet());
    }

    /// <summary>The error for somebody who asks for a prune while another is at work.</summary>
    internal static VarveException Busy(SessionFacts other)
    {
        string where = other.Host.Length == 0 ? "elsewhere" : $"on host {other.Host} (process {other.ProcessId}, since {other.Started})";
        return new VarveException(ErrorKind.Busy, Subject.Request("a prune"),
            $"is at work {where}, or was a short while ago; it deletes what is not needed", Advice.WaitForOther);
    }
}
