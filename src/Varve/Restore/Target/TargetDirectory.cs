using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>
/// A directory below the target of a restore. Purpose: everything that is created goes through one of these, so that no name and no
/// symbolic link can lead outside.
/// <list type="number">
/// <item>A name reaches the system only as one component below a descriptor (openat and its kin), and no call follows a link.</item>
/// <item>Descriptors are bounded: an idle one may be closed and is opened again from the root downwards; it must then be the same inode.
/// ".." is never used.</item>
/// <item>A child holds a reference to its parent, so a directory's last reference goes after everything below it: that is when
/// the callback given to <see cref="TargetRoot.Open"/> sets its metadata, bottom-up, whatever thread did the last piece of work.</item>
/// <item>A directory that was made is ours only if what its name leads to a moment later is a directory of our user, on the same file
/// system, with nothing in it: whoever may write to the directory above could have put another there.</item>
/// <item>One that was there belongs to somebody else and keeps owner, mode and attributes, unless an earlier run of the same restore made
/// it.</item>
/// </list>
/// Thread-safe, except that <see cref="Stat"/> and <see cref="Details"/> are set by the creator before it shares the directory.
/// </summary>
internal sealed class TargetDirectory
{
    private const int Closed = -1;

    // Fixed after construction.
    private readonly TargetDescriptors _descriptors;
    private readonly byte[] _name;
    private readonly TargetFileId _id;

    // Changed by atomic operations only. _descriptor is valid while _pins is not Closed.
    private int _references = 1;
    private int _pins = Closed;
    private SafeFd _descriptor;
    private long _newOwner = -1;

    // The mode it had before its owner was given all rights, while it has them.
    private uint? _modeBefore;

    internal TargetDirectory(TargetDescriptors descriptors, TargetDirectory? parent, byte[] name, in EntryStat stat, bool created,
        bool hasDefaultAcl)
    {
        _descriptors = descriptors;
        _name = name;
        _id = new TargetFileId(stat.Device, stat.Inode);
        (Uid, Gid) = (stat.Uid, stat.Gid);
        Parent = parent;
        WasCreated = created;
        IsForeign = !created && !descriptors.IsEarlier(in stat);
        HasDefaultAcl = hasDefaultAcl;
    }

    /// <summary>The directory above, or null for the root.</summary>
    public TargetDirectory? Parent { get; }

    /// <summary>Whether this restore made it; false for one that was there already.</summary>
    public bool WasCreated { get; }

    /// <summary>Whether it was there before the restore, or before the run that this one continues: it keeps owner and mode.</summary>
    public bool IsForeign { get; private set; }

    /// <summary>The metadata it is to have in the end; kept here for the callback of <see cref="TargetRoot.Open"/>.</summary>
    public EntryStat Stat { get; set; }

    /// <summary>Extended attributes and flags for the callback of <see cref="TargetRoot.Open"/>.</summary>
    public EntryDetails? Details { get; set; }

    /// <summary>Its name in its parent; empty for the root.</summary>
    public ReadOnlySpan<byte> Name => _name;

    internal int Descriptor => _descriptor.Value;
    internal int Slot { get; set; } = -1;
    internal bool RecentlyUsed { get; set; }
    internal bool HasDefaultAcl { get; }
    internal uint Uid { get; }
    internal uint Gid { get; }
    internal uint Umask => _descriptors.Umask;
    internal int MostOpen => _descriptors.MostOpen;

    /// <summary>Whether nothing is in it.</summary>
    /// <exception cref="VarveException">It cannot be listed.</exception>
    public bool IsEmpty()
    {
        bool empty = false;
        int error = Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0) { error = _descriptors.IsEmpty(pin.Descriptor, out empty); }
        }

        return error == 0 ? empty
            : throw new VarveException(ErrorKind.Storage, Subject.Target(DisplayPath([])), $"cannot be listed: {Errno.Message(error)}",
            Advice.ChooseTarget);
    }

    /// <summary>
    /// Goes on with a restore that was cut off, before anything is made: directories that are there are taken, and those that
    /// <paramref name="isEarlier"/> knows are ours. <paramref name="made"/>: so is this one, the target.
    /// </summary>
    public void Continue(bool made, EarlierEntry isEarlier)
    {
        _descriptors.Continue(isEarlier);
        if (made) { IsForeign = false; }
    }

    /// <summary>
    /// From now on directories that are made tell by their mode that they are not complete: where something was in the target, and the file
    /// system tells no births, a run that goes on knows its own by that. For the root, before anything is made.
    /// </summary>
    public void MarkUnfinished() => _descriptors.MarkUnfinished();

    /// <summary>
    /// Makes a directory, mode 0700 until its metadata are set. One that exists is taken only when merging, and only if it is a real
    /// directory; if it is the user's own and keeps him from writing to it, he is given the right until it is completed. The child starts
    /// with one reference, which is the caller's, and holds one to this directory.
    /// </summary>
    /// <exception cref="VarveException">Damaged: the name is none. Storage: no space left.</exception>
    public RestoreOutcome CreateChild(ReadOnlySpan<byte> name, out TargetDirectory? child)
    {
        TargetName.Check(name);
        child = null;
        int error = Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0) { error = Posix.MakeDirectoryAt(pin.Descriptor, name, _descriptors.NewMode); }
            bool created = error == 0;
            if (error == Errno.EEXIST && _descriptors.Merge) { error = 0; }
            if (error == 0) { error = Enter(pin.Descriptor, name, created, out child); }
        }

        return error == 0 ? RestoreOutcome.Done with { Created = child!.WasCreated } : RestoreOutcome.NotWritten(error, this, name);
    }

    /// <summary>Enters a directory that is there, and makes none. As <see cref="CreateChild"/> otherwise; an error number.</summary>
    internal int EnterChild(ReadOnlySpan<byte> name, out TargetDirectory? child)
    {
        child = null;
        int error = Pin(out TargetPin pin);
        using (pin) { return error != 0 ? error : Enter(pin.Descriptor, name, created: false, out child); }
    }

    /// <summary>It was there, and gets the metadata of the snapshot all the same. Before anything is put into it.</summary>
    internal void TakeOver()
    {
        if (!IsForeign) { return; }
        IsForeign = false;
        if (_descriptors.IsReadOnly || Pin(out TargetPin pin) != 0) { return; }
        using (pin) { _ = Posix.RemoveFlags(pin.Descriptor, Posix.ForbiddingAttributes); }
    }

    /// <summary>It was removed: nothing is given back to it.</summary>
    internal void IsGone() => _modeBefore = null;

    /// <summary>Takes one more reference; for handing the directory to another worker.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>
    /// Gives a reference back. The last one completes the directory and gives back its reference to its parent, and so on upwards. An
    /// exception of the callback comes out here and leaves the directories above uncompleted.
    /// </summary>
    public void Release()
    {
        // A loop: the last file of a path of 5,000 levels completes them all.
        for (TargetDirectory? d = this; d is not null && Interlocked.Decrement(ref d._references) == 0; d = d.Parent)
        {
            d._descriptors.Completed?.Invoke(d);
            d._descriptors.Close(d);
        }
    }

    /// <summary>
    /// Closes all descriptors of the restore that are not in use: after a restore that failed half-way, once its workers have ended.
    /// Directories that were there get their modes back.
    /// </summary>
    public void CloseAll()
    {
        foreach (TargetDirectory directory in _descriptors.Lifted()) { directory.GiveBack(null); }
        TargetDirectory root = this;
        while (root.Parent is not null) { root = root.Parent; }
        _descriptors.CloseIdle();
        _descriptors.Close(root);
        _descriptors.Systems.Dispose();
    }

    /// <summary>The path of a name in this directory (empty: of the directory itself) relative to the target.</summary>
    public byte[] RelativePath(ReadOnlySpan<byte> name)
    {
        int length = name.IsEmpty ? 0 : name.Length + 1;
        for (TargetDirectory d = this; d.Parent is not null; d = d.Parent) { length += d._name.Length + 1; }
        if (length == 0) { return []; }
        var path = new byte[length - 1];
        int at = path.Length;
        if (!name.IsEmpty)
        {
            at -= name.Length;
            name.CopyTo(path.AsSpan(at));
        }

        for (TargetDirectory d = this; d.Parent is not null; d = d.Parent)
        {
            if (at < path.Length) { path[--at] = (byte)'/'; }
            at -= d._name.Length;
            d._name.CopyTo(path.AsSpan(at));
        }

        return path;
    }

    /// <summary>The whole path as text, for messages only.</summary>
    public string DisplayPath(ReadOnlySpan<byte> name)
    {
        byte[] relative = RelativePath(name);
        return TargetName.Display(relative.Length == 0 ? _descriptors.RootPath : [.. _descriptors.RootPath, (byte)'/', .. relative]);
    }

    /// <summary>
    /// Makes durable what was written to the target, on each file system that it is made of: 0 or the first error number. For the root.
    /// </summary>
    public int Sync()
    {
        int error = Pin(out TargetPin pin);
        using (pin) { return error == 0 ? _descriptors.Systems.Sync(pin.Descriptor) : error; }
    }

    /// <summary>Makes the descriptor usable until the pin is disposed. 0 or an error number; then there is nothing to dispose.</summary>
    internal int Pin(out TargetPin pin)
    {
        if (TryPin(out pin)) { return 0; }
        int error = _descriptors.Open(this);
        pin = error == 0 ? new TargetPin(this, _descriptor.Value) : default;
        return error;
    }

    internal bool TryPin(out TargetPin pin)
    {
        int pins = Volatile.Read(ref _pins);
        while (pins != Closed)
        {
            int seen = Interlocked.CompareExchange(ref _pins, pins + 1, pins);
            if (seen == pins)
            {
                if (!RecentlyUsed) { RecentlyUsed = true; }
                pin = new TargetPin(this, _descriptor.Value);
                return true;
            }

            pins = seen;
        }

        pin = default;
        return false;
    }

    internal void Unpin() => Interlocked.Decrement(ref _pins);

    internal void Opened(SafeFd file, bool pinned)
    {
        _descriptor = file;
        RecentlyUsed = true;
        Volatile.Write(ref _pins, pinned ? 1 : 0);
    }

    internal bool TryTakeDescriptor(out SafeFd file)
    {
        file = default;
        if (Interlocked.CompareExchange(ref _pins, Closed, 0) != 0) { return false; }
        file = _descriptor;
        return true;
    }

    internal bool Is(in EntryStat stat) => TargetFileId.Of(in stat) == _id;

    internal void CloseIdle() => _descriptors.CloseIdle();

    /// <summary>
    /// The owner that new entries here get, once one was made: set-group-id directories, mount options and user name spaces all have a say.
    /// </summary>
    internal bool NewOwner(out uint uid, out uint gid)
    {
        long known = Volatile.Read(ref _newOwner);
        uid = (uint)(known >> 32);
        gid = (uint)known;
        return known != -1;
    }

    internal void LearnNewOwner(uint uid, uint gid) => Volatile.Write(ref _newOwner, (long)((ulong)uid << 32 | gid));

    /// <summary>Says that its owner, who had fewer, has all rights until it is completed. For who opened it.</summary>
    internal void Lifted(uint before)
    {
        _modeBefore = before;
        _descriptors.AddLifted(this);
    }

    /// <summary>
    /// Takes from its owner what <see cref="Lifted"/> tells of, and sets a time, where whoever restores may: it would else be that of the
    /// last entry that was put into it.
    /// </summary>
    internal RestoreOutcome GiveBack(FileTime? mtime)
    {
        if (!IsForeign || _modeBefore is null && mtime is null) { return RestoreOutcome.Done; }
        int error = Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0 && _modeBefore is { } mode) { error = Posix.SetMode(pin.Descriptor, mode); }
            if (error == 0 && mtime is { } time) { _ = Posix.SetTime(pin.Descriptor, time, keepsAccess: true); }
        }

        _modeBefore = null;

        return RestoreOutcome.Done.Or(error, MetadataPart.Mode);
    }

    /// <summary>
    /// Whether what a name stands for can be what was made there just now: nobody else's, and with no other name. Then 0, else ESTALE.
    /// </summary>
    /// <param name="directory">This directory, pinned.</param>
    /// <param name="stat">What stands there.</param>
    /// <param name="kind">What was made.</param>
    internal int CheckMade(int directory, in EntryStat stat, EntryKind kind)
    {
        bool alone = kind == EntryKind.Directory ? stat.Device == _id.Device : stat.Links <= 1;
        if (stat.Kind != kind || !alone) { return Errno.ESTALE; }
        if (stat.Uid == (NewOwner(out uint uid, out uint gid) ? uid : Posix.EffectiveUser())) { return 0; }
        if (OwnerProbe.Ask(directory, out uid, out gid) != 0 || stat.Uid != uid) { return Errno.ESTALE; }
        LearnNewOwner(uid, gid);
        return 0;
    }

    /// <summary>
    /// Takes hold of what a name in it stands for, without opening it (O_PATH); the caller closes it in any case. ESTALE if it is not the
    /// one that is meant.
    /// </summary>
    internal int Hold(ReadOnlySpan<byte> name, TargetFileId id, out EntryStat stat, out SafeFd held)
    {
        (stat, held) = (default, default);
        int error = Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0) { error = Posix.HoldAt(pin.Descriptor, name, out held); }
        }

        if (error == 0) { error = Posix.Stat(held.Value, out stat); }
        return error != 0 || TargetFileId.Of(in stat) == id ? error : Errno.ESTALE;
    }

    /// <summary>Removes a name in it, if it stands for that inode.</summary>
    internal void Remove(ReadOnlySpan<byte> name, TargetFileId id)
    {
        if (Pin(out TargetPin pin) != 0) { return; }
        using (pin)
        {
            if (Posix.StatAt(pin.Descriptor, name, out EntryStat now) == 0 && TargetFileId.Of(in now) == id)
            {
                Posix.UnlinkAt(pin.Descriptor, name);
            }
        }
    }

    private int Enter(int parent, ReadOnlySpan<byte> name, bool created, out TargetDirectory? child)
    {
        child = null;
        int error = _descriptors.OpenChild(parent, name, out SafeFd file, out EntryStat stat, out uint? modeBefore);
        if (error == 0 && created) { error = CheckMade(parent, in stat, EntryKind.Directory); }
        if (error == 0 && created) { error = _descriptors.Prepare(file.Value, in stat, HasDefaultAcl); }
        if (error != 0)
        {
            file.Close();
            return error;
        }

        bool acl = !created && Posix.HasXattr(file.Value, "system.posix_acl_default"u8);
        if (stat.Device != _id.Device) { _descriptors.Systems.Add(stat.Device, file.Value); }
        AddReference();
        child = new TargetDirectory(_descriptors, this, name.ToArray(), stat, created, acl);
        if (!created && modeBefore is { } mode) { child.Lifted(mode); }

        // An earlier run had completed it, and yet something in it may have to be written again. Completing it sets them again.
        if (!child.IsForeign && (stat.Attributes & Posix.ForbiddingAttributes) != 0)
        {
            _ = Posix.RemoveFlags(file.Value, Posix.ForbiddingAttributes);
        }

        // Files get the owner that the directory itself got, by the same rules, unless it inherited set-group-id, which it has lost by now:
        // then the first file tells.
        if (created && stat.Mode == _descriptors.NewMode) { child.LearnNewOwner(stat.Uid, stat.Gid); }
        _descriptors.Adopt(child, file, pinned: false);
        return 0;
    }
}
