using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Backup.Unstable;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Backup.Read;

/// <summary>
/// Reads files that belong together so that all are as of one moment, or says that they are torn. One per worker thread.
/// <para>Those that are moving are copied, the one that changed last at last. Then comes the moment: each name still stands for its file,
/// those that were not there are not there, each copy is as long as its file. Then the copies are compared, the last one first: so the one
/// that changes most often has to hold still for the shortest time. Files that hold still by their stat are read where they are, and files
/// that were known before and have not changed are not read at all; their stats are the same before and after.</para>
/// </summary>
internal sealed class GroupReader(RunRules rules, Spool spool, FileReader reader, TimeProvider time, Action proceed)
{
    private const int Tries = 8;

    // Up to here a plain copy is quicker than a clone, which has what is dirty written out first.
    private const long SmallSize = 16 << 20;

    private const int MostFollowed = 8;

    private readonly MomentCopier _copier = new(proceed);
    private readonly Companions _companions = new(rules);
    private readonly List<GroupMember> _members = [], _moving = [];
    private DirectoryNode _node = null!;
    private int _directory;

    /// <summary>
    /// What came of each; valid until the next call. Members that are <see cref="GroupMember.Way.Known"/> or gone have no read.
    /// </summary>
    /// <exception cref="Packing.BudgetSpentException">A chunk is not within the budget.</exception>
    internal IReadOnlyList<GroupMember> Read(DirectoryNode node, int directory, FileGroup group)
    {
        (_node, _directory) = (node, directory);
        _members.Clear();
        _members.AddRange(group.ToRead.Select(static f => new GroupMember(f.Now, f.Known, stood: false)));
        _members.AddRange(group.Standing.Select(static f => new GroupMember(f.Now, f.Known, stood: true)));
        _companions.Of(directory, group, node);
        try
        {
            for (int i = 0, tries = Tries; ; i++)
            {
                if (Try(isLast: i + 1 >= tries)) { return _members; }
                if (_moving.Exists(static m => m.Before.Size > MomentCopier.LargeSize)) { tries = MomentCopier.TriesOfLarge; }
                Pause.After(i);
            }
        }
        finally
        {
            foreach (GroupMember member in _members) { member.Dispose(); }
        }
    }

    private bool Try(bool isLast)
    {
        foreach (GroupMember member in _members) { Open(member); }
        _moving.Clear();
        _moving.AddRange(_members.Where(static m => m.How == GroupMember.Way.Copied));
        _moving.Sort(static (a, b) => a.Before.Ctime.CompareTo(b.Before.Ctime));
        bool isMoment = !_companions.Exist();
        foreach (GroupMember member in _moving) { isMoment &= Guard(member, Copy); }
        isMoment &= Follow() && IsMoment();
        Gate.Pass(Gate.Copied);
        for (int i = _moving.Count - 1; i >= 0 && isMoment; i--) { isMoment &= Guard(_moving[i], IsSame); }
        if (!isMoment && !isLast) { return false; }
        foreach (GroupMember member in _members) { isMoment &= Store(member, isMoment); }
        if (isMoment) { return true; }
        if (isLast) { Tear(); }
        return isLast;
    }

    private void Open(GroupMember member)
    {
        int errno = EntryReader.OpenFile(_directory, _node.NameOnDisk(member.Now), out SafeFd file);
        member.Begin(file);
        if (errno == 0) { errno = Posix.Stat(file.Value, out member.Before); }
        if (errno == Errno.ENOENT) { member.How = GroupMember.Way.Gone; }
        else if (errno != 0) { Fail(member, FileReader.Lost(_node, member.Now, FailedOperation.Open, errno)); }
        else if (member.Before.Kind != EntryKind.File) { Fail(member, FileReader.Other(_node, member.Now)); }
        else
        {
            member.How = GroupMember.Way.Copied;
            Guard(member, Choose);
        }
    }

    /// <summary>What tells no length, or a wrong one, has no moment either.</summary>
    private bool Choose(GroupMember member)
    {
        bool isListed = _node.Listing.Stat(member.Now).IsSameState(in member.Before);
        member.How = isListed && member.Stood ? GroupMember.Way.Known
            : (isListed && !reader.IsSuspect(_node, _directory, member.Now, member.Row, member.Fd, in member.Before))
            || UnmeasuredReader.GoesOn(member.Fd, in member.Before) ? GroupMember.Way.Plain
            : GroupMember.Way.Copied;
        return true;
    }

    private static void Fail(GroupMember member, scoped in FileRead read)
    {
        member.Take(in read);
        member.How = GroupMember.Way.Failed;
    }

    /// <summary>What cannot be read is that file's failure; the others are stored without it.</summary>
    private bool Guard(GroupMember member, Func<GroupMember, bool> step)
    {
        if (member.How != GroupMember.Way.Copied) { return true; }
        try { return step(member); }
        catch (ReadFailedException e)
        {
            Fail(member, FileReader.Lost(_node, member.Now, FailedOperation.Read, e.Errno, e.What));
            member.Copy?.Dispose();
            member.Copy = null;
            return true;
        }
    }

    /// <summary>
    /// False if it changes too fast to be copied. Without room for a copy there is none. What was copied of it by itself is of another
    /// moment.
    /// </summary>
    private bool Copy(GroupMember member)
    {
        spool.Take(in member.Before)?.Dispose();
        bool isWhole = true;
        bool isSmall = member.Before.AllocatedBytes <= SmallSize;
        if (isSmall) { CopyPlain(member, ref isWhole); }
        if (member.Copy is null) { Clone(member); }
        if (member.Copy is null && !isSmall) { CopyPlain(member, ref isWhole); }
        return isWhole;
    }

    private void Clone(GroupMember member)
    {
        if (spool.TryClone(member.Fd, _directory) is not { } clone) { return; }
        (member.Copy, member.Copied, member.IsClone) = (clone, clone.Moment.Size, true);
    }

    private void CopyPlain(GroupMember member, ref bool isWhole)
    {
        if (spool.TryCreate(member.Before.AllocatedBytes) is not { } copy) { return; }
        (member.Copy, member.IsClone) = (copy, false);
        CopyOutcome outcome = _copier.Fill(member.Fd, copy, out copy.Moment);
        (member.Copied, isWhole) = (copy.Length, outcome == CopyOutcome.Moment);
        if (outcome != CopyOutcome.NoRoom) { return; }
        copy.Dispose();
        (member.Copy, isWhole) = (null, true);
    }

    private bool IsSame(GroupMember member) => member.Copy is not { } copy || _copier.IsSame(member.Fd, copy.Fd, member.Copied);

    /// <summary>What was appended while the others were copied is copied too, until nothing more is.</summary>
    private bool Follow(GroupMember member, ref bool hasGrown)
    {
        if (member.IsClone || member.Copy is not { } copy || Posix.Stat(member.Fd, out EntryStat stat) != 0) { return true; }
        if (stat.Size == member.Copied) { return true; }
        hasGrown = true;
        CopyOutcome outcome = _copier.Fill(member.Fd, copy, out copy.Moment);
        member.Copied = copy.Length;
        return outcome == CopyOutcome.Moment;
    }

    private bool Follow()
    {
        for (int i = 0; i < MostFollowed; i++)
        {
            bool hasGrown = false;
            foreach (GroupMember member in _moving)
            {
                try
                {
                    if (!Follow(member, ref hasGrown)) { return false; }
                }
                catch (ReadFailedException) { return false; }
            }

            if (!hasGrown) { return true; }
        }

        return false;
    }

    /// <summary>
    /// Whether all is now as it was when the copies were made, as far as names and stats tell. The names come first: at that moment each
    /// file is at least as long as its copy, and it is not longer later.
    /// </summary>
    private bool IsMoment()
    {
        if (_companions.Exist()) { return false; }
        foreach (GroupMember member in _members)
        {
            if (member.How == GroupMember.Way.Failed) { continue; }
            int errno = Posix.StatAt(_directory, _node.NameOnDisk(member.Now), out EntryStat stat);
            if ((errno == Errno.ENOENT) != (member.How == GroupMember.Way.Gone)) { return false; }
            if (errno == Errno.ENOENT) { continue; }
            if (errno != 0 || stat.Inode != member.Before.Inode || stat.Device != member.Before.Device) { return false; }
            if (member.Copy is null && !EntryEquality.HeldStill(in member.Before, in stat)) { return false; }
        }

        foreach (GroupMember member in _moving)
        {
            if (member.Copy is not { } copy) { continue; }
            if (Posix.Stat(member.Fd, out copy.Moment) != 0 || copy.Moment.Size != member.Copied) { return false; }
        }

        return true;
    }

    /// <summary>Stores a member; false if it turns out not to have held still after all.</summary>
    private bool Store(GroupMember member, bool isMoment)
    {
        switch (member.How)
        {
            case GroupMember.Way.Plain:
                member.Take(reader.Read(_node, _directory, member.Now, member.Row));
                if (member.IsLost) { return member.Failure!.Errno != Errno.ENOENT; }
                return member.Stability == Stability.LengthUnknown
                    || (member.Stability != Stability.Torn && EntryEquality.HeldStill(in member.Before, in member.Stat));
            case GroupMember.Way.Copied when member.Copy is { } copy:
                bool tells = StabilityProof.StatTells(member.Fd, in copy.Moment, rules.RecentAfter);
                copy.Stability = isMoment ? StabilityProof.Of(member.Fd, in copy.Moment, tells) : Stability.Moving;
                copy.Moment.Size = member.Copied;
                member.Take(reader.Store(_node, member.Now, member.Row, member.Fd, copy, _companions, in member.Before));
                return true;
            case GroupMember.Way.Copied:
                // Too large for a copy: that it stood before as it stands now is told by its stat alone.
                bool isTold = rules.IsTickOver(in member.Before, FileTime.From(time.GetUtcNow()));
                member.Take(reader.Store(_node, member.Now, member.Row, member.Fd, null, _companions, in member.Before));
                return isTold && EntryEquality.HeldStill(in member.Before, in member.Stat);
            default:
                return true;
        }
    }

    /// <summary>Says of each that was read that it is torn, with the name of another.</summary>
    private void Tear()
    {
        foreach (GroupMember member in _members)
        {
            if (member.IsLost || member.How is not (GroupMember.Way.Plain or GroupMember.Way.Copied)) { continue; }
            GroupMember other = _members.Find(m => m != member && m.How != GroupMember.Way.Gone) ?? _members.Find(m => m != member)!;
            member.Failure = ReadFailure.Torn(_node, member.Now, _node.Listing.Name(other.Now));
            member.Stability = Stability.Torn;
        }
    }
}
