using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Target;

namespace Varve.Restore.Place;

/// <summary>
/// Gives an entry that is there already the metadata that it is to have, and touches nothing that is right. What a target cannot hold is
/// not seen as different for ever: it is set, lost and counted each time. Thread-safe.
/// </summary>
internal sealed class MetadataAdjuster(MetadataSetter metadata)
{
    private const uint Kept = Posix.KeptAttributes;

    /// <summary>
    /// Whether the metadata of a name in an open directory differ from what they are to be. Times of files count too.
    /// </summary>
    internal bool Differs(int directory, ReadOnlySpan<byte> name, in EntryStat there, in EntryStat wanted, EntryDetails? details,
        long window)
    {
        if (StatDiffers(in there, in wanted, details, window)) { return true; }
        if (metadata.SkipsXattrs) { return false; }
        // By name: what cannot be opened for reading has attributes too.
        _ = EntryReader.ReadXattrsAt(directory, name, out Xattr[] xattrs, out _);
        return XattrsDiffer(xattrs, details);
    }

    /// <summary>Sets what differs, on an entry that is held: it must be the one that was looked at.</summary>
    internal RestoreOutcome Adjust(TargetDirectory directory, ReadOnlySpan<byte> name, TargetFileId id, in EntryStat wanted,
        EntryDetails? details)
    {
        MetadataLosses.At(directory, name);
        int error = directory.Hold(name, id, out EntryStat there, out SafeFd held);
        SafeFd open = default;
        if (error != 0)
        {
            held.Close();
            return RestoreOutcome.Metadata(error);
        }

        // Flags, and lists of attributes, want a descriptor that is open; without one they are left.
        if (there.Kind is EntryKind.File) { _ = Posix.OpenHeld(held.Value, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY, out open); }
        MetadataSubject subject = open.IsOpen ? new MetadataSubject(open.Value) : MetadataSubject.Held(held.Value);
        Xattr[] xattrs = [];
        if (!metadata.SkipsXattrs)
        {
            if (open.IsOpen) { _ = EntryReader.ReadXattrs(open.Value, out xattrs, out _); }
            else if (directory.Pin(out TargetPin pin) == 0)
            {
                using (pin) { _ = EntryReader.ReadXattrsAt(pin.Descriptor, name, out xattrs, out _); }
            }
        }

        RestoreOutcome outcome = Set(subject, in there, in wanted, xattrs, details);
        open.Close();
        held.Close();
        return outcome;
    }

    /// <summary>The same for a directory that was there, as the last thing done to it: before, entries came and went.</summary>
    internal RestoreOutcome Finish(TargetDirectory directory, in EntryStat wanted, EntryDetails? details, out bool differed)
    {
        differed = false;
        MetadataLosses.At(directory, []);
        int error = directory.Pin(out TargetPin pin);
        if (error != 0) { return RestoreOutcome.Metadata(error); }
        using (pin)
        {
            error = Posix.Stat(pin.Descriptor, out EntryStat there);
            if (error != 0) { return RestoreOutcome.Metadata(error); }
            Xattr[] xattrs = [];
            if (!metadata.SkipsXattrs) { _ = EntryReader.ReadXattrs(pin.Descriptor, out xattrs, out _); }
            // Its time is another whenever anything came or went in it.
            EntryStat timeless = wanted;
            timeless.Mtime = there.Mtime;
            differed = StatDiffers(in there, in timeless, details, window: 0);
            return Set(new MetadataSubject(pin.Descriptor), in there, in wanted, xattrs, details);
        }
    }

    /// <summary>Whether anything but extended attributes differs.</summary>
    internal bool StatDiffers(in EntryStat there, in EntryStat wanted, EntryDetails? details, long window) =>
        there.Kind != EntryKind.Symlink && (there.Mode & Modes.Permissions) != (wanted.Mode & Modes.Permissions)
        || !metadata.SkipsOwner && (there.Uid != wanted.Uid || there.Gid != wanted.Gid)
        || !IsSameTime(there.Mtime, wanted.Mtime, window)
        || (there.Attributes & Kept) != ((details?.Attributes ?? wanted.Attributes) & Kept);

    /// <summary>
    /// Whether two times are the same, as far as a file system keeps them that knows only so many nanoseconds: one that shows finer times
    /// than that does keep them.
    /// </summary>
    internal static bool IsSameTime(FileTime there, FileTime wanted, long window)
    {
        const int FinestOfCoarse = 10_000_000;
        if (there == wanted) { return true; }
        if (window == 0 || window >= FinestOfCoarse && there.Nanoseconds % FinestOfCoarse != 0) { return false; }
        long seconds = wanted.Seconds - there.Seconds;
        return Math.Abs(seconds) < 10 && Math.Abs(seconds * 1_000_000_000L + wanted.Nanoseconds - there.Nanoseconds) <= window;
    }

    private RestoreOutcome Set(MetadataSubject subject, in EntryStat there, in EntryStat wanted, Xattr[] xattrs, EntryDetails? details)
    {
        uint attributes = details?.Attributes ?? wanted.Attributes;
        uint extra = there.Attributes & Kept & ~attributes;
        bool xattrsDiffer = !metadata.SkipsXattrs && XattrsDiffer(xattrs, details);
        bool others = xattrsDiffer || !metadata.SkipsOwner && (there.Uid != wanted.Uid || there.Gid != wanted.Gid)
            || there.Kind != EntryKind.Symlink && (there.Mode & Modes.Permissions) != (wanted.Mode & Modes.Permissions)
            || there.Mtime != wanted.Mtime;
        // What is immutable can be given nothing else.
        if (others) { extra |= there.Attributes & Posix.ForbiddingAttributes; }
        if (extra != 0 && subject.Descriptor >= 0) { _ = Posix.RemoveFlags(subject.Descriptor, extra); }
        RestoreOutcome outcome = RestoreOutcome.Done;
        if (others)
        {
            if (xattrsDiffer)
            {
                foreach (Xattr x in xattrs)
                {
                    if (IsRemovable(x.Name) && !Has(details, x.Name)) { _ = subject.RemoveXattr(x.Name); }
                }
            }

            outcome = metadata.ApplyTo(subject, in there, in wanted, details);
        }

        if (subject.Descriptor >= 0) { metadata.AddFlags(subject.Descriptor, details); }
        return outcome;
    }

    private static bool XattrsDiffer(Xattr[] there, EntryDetails? details)
    {
        int same = 0;
        foreach (Xattr x in there)
        {
            if (Value(details, x.Name) is { } value)
            {
                if (!value.AsSpan().SequenceEqual(x.Value)) { return true; }
                same++;
            }
            else if (IsRemovable(x.Name)) { return true; }
        }

        return same != (details?.Xattrs.Count ?? 0);
    }

    private static byte[]? Value(EntryDetails? details, byte[] name)
    {
        if (details is null) { return null; }
        foreach (Xattr x in details.Xattrs)
        {
            if (x.Name.AsSpan().SequenceEqual(name)) { return x.Value; }
        }

        return null;
    }

    private static bool Has(EntryDetails? details, byte[] name) => Value(details, name) is not null;

    // Labels that the system gives by itself come back as fast as they go.
    private static bool IsRemovable(ReadOnlySpan<byte> name) => name.StartsWith("user."u8) || name.StartsWith("trusted."u8)
        || name.StartsWith("system.posix_acl_"u8) || name.SequenceEqual("security.capability"u8);
}
