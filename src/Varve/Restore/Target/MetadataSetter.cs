using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>
/// Sets owner, extended attributes, mode, time and attribute flags, in this order, which matters:
/// <list type="number">
/// <item>The owner first: changing it clears setuid, setgid and security.capability.</item>
/// <item>Extended attributes before the mode: user.* needs write permission, which the mode may take. ACLs last among them, for the same
/// reason.</item>
/// <item>The mode: an entry whose owner could not be set never gets setuid or setgid.</item>
/// <item>The modification time after all content; of directories after all their entries.</item>
/// <item>Immutable and append-only at the very end: they forbid everything else.</item>
/// </list>
/// What the user may not set or the file system cannot hold is counted in <see cref="Losses"/>; other errors come back. One failure does
/// not keep the rest from being set. Thread-safe, allocates nothing.
/// </summary>
internal sealed class MetadataSetter
{
    private const uint Compressed = 0x4, Immutable = 0x10, AppendOnly = 0x20, NoDump = 0x40;

    /// <summary>Creates it; <paramref name="losses"/> is shared by all workers of a restore.</summary>
    public MetadataSetter(MetadataLosses losses) => Losses = losses;

    /// <summary>What could not be set so far.</summary>
    public MetadataLosses Losses { get; }

    /// <summary>Owners and groups stay as they are made.</summary>
    public bool SkipsOwner { get; init; }

    /// <summary>Extended attributes are not set.</summary>
    public bool SkipsXattrs { get; init; }

    /// <summary>
    /// Sets a directory's metadata: after everything in it is there, as the last thing done to it. One that this restore did not make keeps
    /// what it had but for its time, and its mode is as it was again.
    /// </summary>
    public RestoreOutcome FinishDirectory(TargetDirectory directory, in EntryStat stat, EntryDetails? details)
    {
        if (directory.IsForeign) { return directory.GiveBack(stat.Mtime); }
        MetadataLosses.At(directory, []);
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0) { return RestoreOutcome.Metadata(error); }
            if (!directory.WasCreated)
            {
                RemoveUnless(details, pin.Descriptor, "system.posix_acl_access"u8);
                RemoveUnless(details, pin.Descriptor, "system.posix_acl_default"u8);
            }

            var subject = new MetadataSubject(pin.Descriptor);
            RestoreOutcome outcome = Apply(subject, directory.Uid, directory.Gid, modeIsSet: false, stat, details);
            AddFlags(pin.Descriptor, details);
            return outcome;
        }
    }

    /// <summary>
    /// Sets the attribute flags (bits of stx_attributes) of a file that has several names, by one of them: they wait until every name
    /// exists, since an immutable file can get no further one. Only if the name still stands for the file that was made; nothing else is
    /// opened.
    /// </summary>
    public RestoreOutcome SetFlags(TargetDirectory directory, ReadOnlySpan<byte> name, TargetFileId id, uint attributes)
    {
        TargetName.Check(name);
        if ((attributes & (Compressed | Immutable | AppendOnly | NoDump)) == 0) { return RestoreOutcome.Done; }
        MetadataLosses.At(directory, name);
        int error = directory.Hold(name, id, out EntryStat stat, out SafeFd held);
        if (error == 0 && stat.Kind != EntryKind.File) { error = Errno.ESTALE; }
        SafeFd file = default;
        if (error == 0) { error = Posix.OpenHeld(held.Value, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY, out file); }
        if (error == 0) { AddFlags(file.Value, attributes); }
        file.Close();
        held.Close();
        if (error == Errno.EACCES)
        {
            Losses.Add(MetadataLosses.Loss.Flags);
            return RestoreOutcome.Done;
        }

        return RestoreOutcome.Done.Or(error, MetadataPart.Flags);
    }

    /// <summary>
    /// The mode to create a file with: the final one where nothing that comes later could open it to others too early, else 0600.
    /// </summary>
    internal static uint CreationMode(TargetDirectory directory, in EntryStat stat, EntryDetails? details, out bool isFinal)
    {
        isFinal = (stat.Mode & (Modes.Special | directory.Umask)) == 0 && !directory.HasDefaultAcl
            && (details is null || details.Xattrs.Count == 0)
            && directory.NewOwner(out uint uid, out uint gid) && uid == stat.Uid && gid == stat.Gid;
        return isFinal ? stat.Mode & Modes.Everything : Modes.PrivateFile;
    }

    /// <summary>Everything but flags, on a new file, fifo, socket, device or symlink of this directory.</summary>
    internal RestoreOutcome ApplyToNew(MetadataSubject subject, TargetDirectory directory, bool modeIsSet, in EntryStat stat,
        EntryDetails? details)
    {
        if (!directory.NewOwner(out uint uid, out uint gid))
        {
            int error = subject.Stat(out EntryStat made);
            if (error != 0) { return RestoreOutcome.Metadata(error); }
            (uid, gid) = (made.Uid, made.Gid);
            directory.LearnNewOwner(uid, gid);
        }

        if (directory.HasDefaultAcl && subject.Descriptor >= 0) { RemoveUnless(details, subject.Descriptor, "system.posix_acl_access"u8); }
        return Apply(subject, uid, gid, modeIsSet, stat, details);
    }

    /// <summary>
    /// The attribute flags of a file or directory that is open, once it has its name: what is immutable gets none. Those of a link group
    /// wait for <see cref="SetFlags"/>.
    /// </summary>
    internal void AddFlags(int fd, EntryDetails? details)
    {
        if (details is { Attributes: not 0, LinkGroup: 0 }) { AddFlags(fd, details.Attributes); }
    }

    /// <summary>Everything but flags, on an entry that was there; what it has is <paramref name="there"/>.</summary>
    internal RestoreOutcome ApplyTo(MetadataSubject subject, in EntryStat there, in EntryStat stat, EntryDetails? details) =>
        Apply(subject, there.Uid, there.Gid, modeIsSet: false, stat, details);

    private RestoreOutcome Apply(MetadataSubject subject, uint uid, uint gid, bool modeIsSet, in EntryStat stat, EntryDetails? details)
    {
        RestoreOutcome outcome = RestoreOutcome.Done;
        bool owned = uid == stat.Uid && gid == stat.Gid || !SkipsOwner && SetOwner(subject, uid, gid, stat, ref outcome);
        if (details is not null && details.Xattrs.Count != 0 && !SkipsXattrs) { SetXattrs(subject, details.Xattrs, owned, ref outcome); }
        if (!modeIsSet && stat.Kind != EntryKind.Symlink)
        {
            uint mode = stat.Mode & Modes.Permissions;
            if (!owned && (mode & Modes.SetIds) != 0)
            {
                mode &= ~Modes.SetIds;
                if (!SkipsOwner) { Losses.Add(MetadataLosses.Loss.SetIdBits); }
            }

            int error = subject.SetMode(mode);
            if (IsLoss(error)) { Losses.Add(MetadataLosses.Loss.Mode); }
            else { outcome = outcome.Or(error, MetadataPart.Mode); }
        }

        SetTime(subject, stat.Mtime, ref outcome);
        return outcome;
    }

    private bool SetOwner(MetadataSubject subject, uint uid, uint gid, in EntryStat stat, ref RestoreOutcome outcome)
    {
        int error = subject.SetOwner(stat.Uid, stat.Gid);
        if (error == 0) { return true; }
        if (uid != stat.Uid && gid != stat.Gid) { subject.SetOwner(Posix.KeepId, stat.Gid); }
        if (IsLoss(error) || error == Errno.ENOSYS) { Losses.Add(MetadataLosses.Loss.Owner); }
        else { outcome = outcome.Or(error, MetadataPart.Owner); }
        return false;
    }

    private void SetXattrs(MetadataSubject subject, IReadOnlyList<Xattr> xattrs, bool owned, ref RestoreOutcome outcome)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < xattrs.Count; i++)
            {
                Xattr x = xattrs[i];
                if (x.Name.AsSpan().StartsWith("system."u8) != (pass == 1)) { continue; }

                // Capabilities are for the owner they were given with.
                int error = !owned && x.Name.AsSpan().SequenceEqual("security.capability"u8) ? Errno.EPERM
                    : subject.SetXattr(x.Name, x.Value);
                if (IsLoss(error)) { Losses.AddXattr(x.Name); }
                else { outcome = outcome.Or(error, MetadataPart.Xattr, x.Name); }
            }
        }
    }

    private void SetTime(MetadataSubject subject, FileTime mtime, ref RestoreOutcome outcome)
    {
        int error = subject.SetTime(mtime);
        outcome = outcome.Or(error, MetadataPart.Time);

        // The kernel moves a time that the file system cannot hold into its range and says nothing.
        bool everyFileSystemHoldsIt = mtime.Seconds is >= 0 and <= int.MaxValue;
        if (error == 0 && !everyFileSystemHoldsIt && subject.Stat(out EntryStat now) == 0 && now.Mtime.Seconds != mtime.Seconds)
        {
            Losses.Add(MetadataLosses.Loss.Time);
        }
    }

    private void AddFlags(int fd, uint attributes)
    {
        // Apart, so that a file system or user that cannot set one kind still gets the others; what forbids changes comes last.
        bool lost = false;
        foreach (uint flags in (ReadOnlySpan<uint>)[Compressed, NoDump, Immutable | AppendOnly])
        {
            if ((attributes & flags) != 0) { lost |= Posix.AddFlags(fd, attributes & flags) != 0; }
        }

        if (lost) { Losses.Add(MetadataLosses.Loss.Flags); }
    }

    private static void RemoveUnless(EntryDetails? details, int fd, ReadOnlySpan<byte> name)
    {
        if (details is not null)
        {
            foreach (Xattr x in details.Xattrs)
            {
                if (x.Name.AsSpan().SequenceEqual(name)) { return; }
            }
        }

        Posix.RemoveXattr(fd, name);
    }

    private static bool IsLoss(int error) => error is Errno.EPERM or Errno.ENOTSUP or Errno.EINVAL;
}
