using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Resume;
using Varve.Restore.Target;
using Varve.Tree.Details;

namespace Varve.Restore.Place;

/// <summary>
/// Looks at what stands in the target where entries of the snapshot are to be, and says what is to be done. It follows no link, opens files
/// for reading only, and those only where content is to be compared. One thread.
/// </summary>
/// <param name="rules">What is asked for.</param>
/// <param name="earlier">What runs before this one left; null if it is the first.</param>
/// <param name="content">Compares content.</param>
/// <param name="adjuster">Compares metadata.</param>
/// <param name="cancellationToken">Ends the comparing of a large file.</param>
internal sealed class PlaceInspector(PlaceRules rules, EarlierRuns? earlier, ContentMatch content, MetadataAdjuster adjuster,
    CancellationToken cancellationToken)
{
    private readonly LinkClaims _claims = new();
    private ulong _device = ulong.MaxValue;
    private long _window;

    /// <summary>Also directories that were made just now are looked into: they are when all is written.</summary>
    internal bool LooksEverywhere { get; init; }

    /// <summary>Gives what is there its metadata.</summary>
    internal MetadataAdjuster Adjuster => adjuster;

    /// <summary>Compares content.</summary>
    internal ContentMatch Content => content;

    /// <summary>
    /// What stands at a name, and what is to be done so that it is the entry. <paramref name="group"/> is what the names of one file share;
    /// 0 for none.
    /// </summary>
    /// <exception cref="VarveException">Damaged: the name is none, or the details.</exception>
    internal Standing Look(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat wanted, ReadOnlySpan<byte> details, ulong group)
    {
        TargetName.Check(name);
        if (directory.WasCreated && !LooksEverywhere) { return default; }
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            // What cannot be looked at is found out by making the entry.
            if (error != 0 || Posix.StatAt(pin.Descriptor, name, out EntryStat there) != 0) { return default; }
            var id = TargetFileId.Of(in there);
            bool isFree = there.Links <= 1 || there.Kind == EntryKind.Directory || _claims.MayBe(id, group);
            if (isFree && IsSame(pin.Descriptor, name, in there, in wanted, details))
            {
                if (there.Links > 1) { _claims.Take(id, group); }
                bool isWhole = HasMetadata(pin.Descriptor, name, in there, in wanted, details);
                return new Standing(isWhole ? PlaceVerdict.Whole : PlaceVerdict.Metadata,
                    there);
            }

            if (!MayReplace(in there, in wanted)) { return new Standing(PlaceVerdict.LeftAlone, there); }
            bool staysFile = there.Kind == EntryKind.File && wanted.Kind == EntryKind.File && rules.Suffix.Length == 0;
            bool keeps = staysFile && isFree && group != 0 && there.Links > 1;
            if (keeps) { _claims.Take(id, group); }
            return new Standing(PlaceVerdict.Replace, there, keeps, staysFile && rules.WritesInto && (keeps || there.Links <= 1));
        }
    }

    /// <summary>The same for a further name of an entry that is there: it is whole if it stands for that.</summary>
    internal Standing LookForLink(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat wanted, TargetFileId first)
    {
        TargetName.Check(name);
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0 || Posix.StatAt(pin.Descriptor, name, out EntryStat there) != 0) { return default; }
            return new Standing(TargetFileId.Of(in there) == first ? PlaceVerdict.Whole
                : MayReplace(in there, in wanted) ? PlaceVerdict.Replace : PlaceVerdict.LeftAlone, there);
        }
    }

    /// <summary>The same for a directory that could not be entered because something else stands there.</summary>
    internal Standing LookForDirectory(TargetDirectory parent, ReadOnlySpan<byte> name, in EntryStat wanted)
    {
        int error = parent.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0 || Posix.StatAt(pin.Descriptor, name, out EntryStat there) != 0) { return default; }
            return new Standing(there.Kind == EntryKind.Directory ? PlaceVerdict.Whole
                : MayReplace(in there, in wanted) ? PlaceVerdict.Replace : PlaceVerdict.LeftAlone, there);
        }
    }

    /// <summary>Content is read from the disk, not from what the system remembers of it.</summary>
    internal bool ReadsDisk { get; init; }

    private bool MayReplace(in EntryStat there, in EntryStat wanted) =>
        !rules.OnlyNewer || wanted.Mtime.CompareTo(there.Mtime) > 0;

    private bool IsSame(int directory, ReadOnlySpan<byte> name, in EntryStat there, in EntryStat wanted, ReadOnlySpan<byte> details)
    {
        if (there.Kind != wanted.Kind) { return false; }
        switch (wanted.Kind)
        {
            case EntryKind.File:
                if (there.Size != wanted.Size) { return false; }
                if (rules.ByContent) { return HasContent(directory, name, in there, details); }
                if (!MetadataAdjuster.IsSameTime(there.Mtime, wanted.Mtime, Window(directory, in there))) { return false; }
                // What an earlier run wrote, and may have been lost with the machine, has size and time all the same.
                return earlier is null || earlier.IsTrusted || !earlier.IsOurs(in there);
            case EntryKind.Symlink:
                return EntryReader.ReadLink(directory, name, out byte[]? target) == 0
                    && target.AsSpan().SequenceEqual(DetailsCodec.Decode(wanted.Kind, details).SymlinkTarget);
            case EntryKind.CharDevice or EntryKind.BlockDevice:
                (uint Major, uint Minor) device = DetailsCodec.Decode(wanted.Kind, details).Device ?? (wanted.RdevMajor, wanted.RdevMinor);
                return (there.RdevMajor, there.RdevMinor) == device;
            case EntryKind.Directory: return false;
            default: return true;
        }
    }

    private bool HasContent(int directory, ReadOnlySpan<byte> name, in EntryStat there, ReadOnlySpan<byte> details)
    {
        int error = EntryReader.OpenFile(directory, name, out SafeFd file);
        if (error == 0 && ReadsDisk) { Posix.ForgetPages(file.Value); }
        bool same = error == 0 && Posix.Stat(file.Value, out EntryStat now) == 0 && now.Inode == there.Inode
            && now.Kind == EntryKind.File && content.IsMatch(file.Value, there.Size, details, cancellationToken);
        file.Close();
        return same;
    }

    private bool HasMetadata(int directory, ReadOnlySpan<byte> name, in EntryStat there, in EntryStat wanted, ReadOnlySpan<byte> details)
    {
        // What nobody touched since it was saved has the attributes that it had. Programs cannot set this time.
        long window = Window(directory, in there);
        bool isUntouched = there.Ctime == wanted.Ctime && there.Inode == wanted.Inode;
        if (isUntouched && !adjuster.StatDiffers(in there, in wanted, null, window)) { return true; }
        EntryDetails? decoded = wanted.Kind == EntryKind.File ? DetailsCodec.Wanted(details) : DetailsCodec.Decode(wanted.Kind, details);
        return !adjuster.Differs(directory, name, in there, in wanted, decoded, window);
    }

    /// <summary>How far times on this file system may be from what was set.</summary>
    private long Window(int directory, in EntryStat there)
    {
        if (there.Device != _device) { (_device, _window) = (there.Device, FileSystemKind.KeptTimeNanoseconds(directory)); }
        return _window;
    }
}
