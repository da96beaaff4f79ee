using Varve.Model;
using Varve.Platform;
using Varve.Restore.Place;
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
    private bool _failed, _isVirtual;

    internal required PlanDirectory? Parent { get; init; }
    internal required byte[] Name { get; init; }
    internal required EntryStat Stat { get; init; }
    internal required EntryDetails Details { get; init; }
    internal required bool IsWanted { get; init; }

    /// <summary>Of a directory that is only on the way to what is to be restored: which that is; else null.</summary>
    internal PathSelection? Way { get; init; }


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
    internal TargetDirectory? Ensure(RestoreContext context, PlanTools tools)
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
            bool replaces = made is null && next.IsWanted && next.ClearWay(context, tools);
            if (replaces) { outcome = next.Parent.Target!.CreateChild(next.Name, out made); }

            if (made is null)
            {
                if (!next._failed) { context.Fail(next.Parent.Target, next.Name, in outcome); }
                next._failed = true;
                continue;
            }

            next.Take(made, context);
            if (made.WasCreated || context.Inspector is null)
            {
                context.Monitor.AddDirectory();
                context.Written(next.Parent.Target, next.Name, EntryKind.Directory, replaces);
            }
        }

        return Target;
    }

    /// <summary>What stands in the way goes, if it may; true if it went. Else it is left alone, or the failure is told.</summary>
    private bool ClearWay(RestoreContext context, PlanTools tools)
    {
        if (context.Inspector is not { } inspector) { return false; }
        TargetDirectory parent = Parent!.Target!;
        Standing standing = inspector.LookForDirectory(parent, Name, Stat);
        if (standing.Verdict == PlaceVerdict.LeftAlone)
        {
            _failed = true;
            context.Monitor.AddLeftAlone();
        }

        return standing.Verdict == PlaceVerdict.Replace
            && tools.Obstacles!.Clear(parent, Name, Path([]), standing.Stat, EntryKind.Directory) == 0;
    }

    private void Take(TargetDirectory directory, RestoreContext context)
    {
        Target = directory;
        if (!IsWanted && !directory.WasCreated && context.Inspector is not null) { return; }
        directory.Stat = Stat;
        directory.Details = Details;
        if (context.Inspector is not null) { directory.TakeOver(); }
    }

    /// <summary>The root is not there.</summary>
    internal void BeVirtual() => _isVirtual = true;

    /// <summary>Enters the directory in the target if it is there. Nothing is made.</summary>
    internal void Enter(RestoreContext context, PlaceSurvey survey)
    {
        if (Target is not null || Parent is null) { return; }
        if (Parent._isVirtual || Parent._failed) { (_isVirtual, _failed) = (Parent._isVirtual, Parent._failed); }
        else
        {
            int error = Parent.Target!.EnterChild(Name, out TargetDirectory? child);
            Target = child;
            _isVirtual = error is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP;
            if (error != 0 && !_isVirtual)
            {
                _failed = true;
                context.Monitor.Fail(new Failure(Path([]), FailedOperation.List, error, Errno.Message(error)));
                return;
            }
        }

        if (IsWanted && !_failed) { survey.Directory(Target, Parent.Target, Name, Path([]), Stat, Details); }
    }

    /// <summary>Whether nothing below it can be looked at, which was told.</summary>
    internal bool HasFailed => _failed;

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
