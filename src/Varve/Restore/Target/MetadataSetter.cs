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

    /// <summary>Sets a directory's metadata: after everything in it is there, as the last thing done to it.</summary>
    public RestoreOutcome FinishDirectory(TargetDirectory directory, in EntryStat stat, EntryDetails? details)
    {
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0) { return RestoreOutcome.Metadata(error); }
            if (!directory.WasCreated)
            {
                RemoveUnless(details, pin.Descriptor, "system.posix_acl_access"u8);
                RemoveUnless(details, pin.Descriptor, "system.posix_acl_default"u8);
            }

            return Apply(new MetadataSubject(pin.Descriptor), directory.Uid, directory.Gid, modeIsSet: false, stat, details);
        }
    }

    /// <summary>
    /// Sets the attribute flags (bits of stx_attributes) of a file by name. Only needed for names of a link group: their flags wait until
    /// every name exists, since an immutable file can get no further name.
    /// </summary>
    public RestoreOutcome SetFlags(TargetDirectory directory, ReadOnlySpan<byte> name, uint attributes)
    {
        TargetName.Check(name);
        if ((attributes & (Compressed | Immutable | AppendOnly | NoDump)) == 0) { return RestoreOutcome.Done; }
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0) { return RestoreOutcome.Metadata(error); }
            error = Posix.OpenAt(pin.Descriptor, name, Posix.O_NOFOLLOW | Posix.O_NONBLOCK, out SafeFd file);
            if (error != 0)
            {
                if (error != Errno.EACCES) { return RestoreOutcome.Metadata(error); }
                Losses.Add(MetadataLosses.Loss.Flags);
                return RestoreOutcome.Done;
            }

            AddFlags(file.Value, attributes);
            file.Close();
            return RestoreOutcome.Done;
        }
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

    /// <summary>Everything, on a new file, fifo, socket, device or symlink of this directory.</summary>
    internal RestoreOutcome ApplyToNew(scoped MetadataSubject subject, TargetDirectory directory, bool modeIsSet, in EntryStat stat,
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

    private RestoreOutcome Apply(scoped MetadataSubject subject, uint uid, uint gid, bool modeIsSet, in EntryStat stat,
        EntryDetails? details)
    {
        int first = 0;
        bool owned = uid == stat.Uid && gid == stat.Gid || SetOwner(subject, uid, gid, stat, ref first);
        if (details is not null && details.Xattrs.Count != 0) { SetXattrs(subject, details.Xattrs, owned, ref first); }
        if (!modeIsSet && stat.Kind != EntryKind.Symlink)
        {
            uint mode = stat.Mode & Modes.Permissions;
            if (!owned && (mode & Modes.SetIds) != 0)
            {
                mode &= ~Modes.SetIds;
                Losses.Add(MetadataLosses.Loss.SetIdBits);
            }

            Keep(ref first, subject.SetMode(mode));
        }

        SetTime(subject, stat.Mtime, ref first);
        if (details is { Attributes: not 0, LinkGroup: 0 } && subject.Descriptor >= 0) { AddFlags(subject.Descriptor, details.Attributes); }
        return first == 0 ? RestoreOutcome.Done : RestoreOutcome.Metadata(first);
    }

    private bool SetOwner(scoped MetadataSubject subject, uint uid, uint gid, in EntryStat stat, ref int first)
    {
        int error = subject.SetOwner(stat.Uid, stat.Gid);
        if (error == 0) { return true; }
        if (uid != stat.Uid && gid != stat.Gid) { subject.SetOwner(Posix.KeepId, stat.Gid); }
        if (IsLoss(error) || error == Errno.ENOSYS) { Losses.Add(MetadataLosses.Loss.Owner); }
        else { Keep(ref first, error); }
        return false;
    }

    private void SetXattrs(scoped MetadataSubject subject, IReadOnlyList<Xattr> xattrs, bool owned, ref int first)
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
                else { Keep(ref first, error); }
            }
        }
    }

    private void SetTime(scoped MetadataSubject subject, FileTime mtime, ref int first)
    {
        int error = subject.SetTime(mtime);
        Keep(ref first, error);

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

    private static void Keep(ref int first, int error)
    {
        if (first == 0) { first = error; }
    }
}
