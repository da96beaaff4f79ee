using Varve.Model;
using Varve.Model.Changes;
using Varve.Restore.Target;
using Varve.Restore.Write;

namespace Varve.Restore.Plan;

/// <summary>
/// A directory of the snapshot while the planner deals with it. It is made in the target when the first wanted thing in it comes up: with
/// includes, most never are. Used by the planner's thread only.
/// </summary>
internal sealed class PlanDirectory
{
    // The planner itself, and each child directory until nothing below it is to be planned any more: it may be made only then, and needs
    // this one.
    private int _users = 1;
    private bool _failed;

    internal required PlanDirectory? Parent { get; init; }
    internal required byte[] Name { get; init; }
    internal required EntryStat Stat { get; init; }
    internal required EntryDetails Details { get; init; }
    internal required bool IsWanted { get; init; }

    /// <summary>The directory in the target, once made.</summary>
    internal TargetDirectory? Target { get; set; }

    /// <summary>Path below what is restored; empty for its root.</summary>
    internal byte[] Path(ReadOnlySpan<byte> name)
    {
        if (Parent is null) { return name.ToArray(); }
        byte[] mine = Parent.Path(Name);
        return name.IsEmpty ? mine : [.. mine, (byte)'/', .. name];
    }

    /// <summary>The directory in the target, made now with all above it if need be; null if that failed, which was reported.</summary>
    internal TargetDirectory? Ensure(RestoreContext context)
    {
        if (Target is not null || _failed) { return Target; }
        var missing = new Stack<PlanDirectory>();
        for (PlanDirectory? d = this; d is { Target: null, _failed: false }; d = d.Parent) { missing.Push(d); }
        while (missing.TryPop(out PlanDirectory? next))
        {
            if (next.Parent!._failed)
            {
                next._failed = true;
                continue;
            }
            RestoreOutcome outcome = next.Parent.Target!.CreateChild(next.Name, out TargetDirectory? made);
            if (made is null)
            {
                next._failed = true;
                context.Fail(next.Parent.Target, next.Name, in outcome);
                continue;
            }

            made.Stat = next.Stat;
            made.Details = next.Details;
            next.Target = made;
            context.Monitor.AddDirectory();
            context.Monitor.Tell(EntryChange.New, next.Parent.Target, next.Name, EntryKind.Directory);
        }

        return Target;
    }

    internal void AddUser() => _users++;

    /// <summary>
    /// One user less; the last gives the target's reference back, which completes it once its files are written, and is one user less of
    /// the parent.
    /// </summary>
    internal void Release()
    {
        // A loop: the last directory of a path of 5,000 levels gives them all back.
        for (PlanDirectory? d = this; d is not null && --d._users == 0; d = d.Parent) { d.Target?.Release(); }
    }
}
