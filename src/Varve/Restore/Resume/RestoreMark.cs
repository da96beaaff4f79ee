using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Target;

namespace Varve.Restore.Resume;

/// <summary>
/// A file in the target, for as long as the target is incomplete: it says what is restored into it, and when. Whoever finds it may go on
/// with that restore (<see cref="Earlier"/>). It is made with O_EXCL and locked while a run goes on; its name depends on what is restored,
/// so that no snapshot can hold the mark of its own restore. Not thread-safe.
/// </summary>
internal sealed class RestoreMark : IDisposable
{
    private const int Largest = 1 << 20;

    private readonly TargetDirectory _target;
    private readonly byte[] _name;
    private readonly SafeFd _file;
    private TargetFileId _id;
    private long _runAt;

    private RestoreMark(TargetDirectory target, ulong number, SafeFd file)
    {
        _target = target;
        _name = MarkText.Name(number);
        _file = file;
        Number = number;
    }

    /// <summary>A number of what is restored.</summary>
    internal ulong Number { get; }

    /// <summary>What the target was like before the first run.</summary>
    internal TargetState State { get; private set; }

    /// <summary>Whether the file system tells when files were born.</summary>
    internal bool HasBirths { get; private set; }

    /// <summary>What runs before this one left; null if it is the first.</summary>
    internal EarlierRuns? Earlier { get; private set; }

    /// <summary>Marks a target, or takes up the mark that a restore of the same left there.</summary>
    /// <exception cref="VarveException">Usage: the target is not empty, or holds the mark of somebody else. Busy: a restore of the same
    /// goes on. Storage: it cannot be written to.</exception>
    /// <param name="target">The root.</param>
    /// <param name="identity">What is restored, by <see cref="MarkText.Identity"/>.</param>
    /// <param name="overwrite">Whether something else may be in the target.</param>
    internal static RestoreMark Begin(TargetDirectory target, string identity, bool overwrite)
    {
        ulong number = MarkText.Number(identity);
        int error = target.Pin(out TargetPin pin);
        using (pin)
        {
            SafeFd held = default;
            if (error == 0) { error = Posix.HoldAt(pin.Descriptor, MarkText.Name(number), out held); }
            if (error == 0) { return Continue(target, pin.Descriptor, held, identity, number); }
            if (error != Errno.ENOENT) { throw Failed(target, error); }
            bool empty = target.IsEmpty();
            if (!empty && !overwrite) { throw NotEmpty(target, pin.Descriptor); }
            return Make(target, pin.Descriptor, identity, number,
                target.WasCreated ? TargetState.Made : empty ? TargetState.Empty : TargetState.Filled);
        }
    }

    /// <summary>The run was cut off: what is put into the target from now on is not ours.</summary>
    internal void Stop()
    {
        long at = _runAt + MarkText.RunLength - MarkText.EndLength;
        if (Write(MarkText.End(default), at) == 0 && Posix.Stat(_file.Value, out EntryStat stat) == 0)
        {
            Write(MarkText.End(stat.Mtime), at);
        }
    }

    /// <summary>What was written may be lost: the next run is to write it again.</summary>
    internal void Distrust() => Write(MarkText.Run(default, "lost", 0)[..^MarkText.EndLength], _runAt);

    /// <summary>The target is complete.</summary>
    internal void Remove() => _target.Remove(_name, _id);

    /// <inheritdoc/>
    public void Dispose()
    {
        // By name, not only by closing: a child that was forked just now holds a copy of the descriptor.
        _ = Posix.Lock(_file.Value, Posix.LOCK_UN);
        _file.Close();
    }

    private static RestoreMark Make(TargetDirectory target, int directory, string identity, ulong number, TargetState state)
    {
        int flags = Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;
        int error = Posix.OpenAt(directory, MarkText.Name(number), flags, Modes.PrivateFile, out SafeFd file);
        if (error != 0) { throw error == Errno.EEXIST ? Busy(target) : Failed(target, error); }
        var mark = new RestoreMark(target, number, file) { State = state };
        string head = identity + MarkText.Of(state);
        error = Posix.Lock(file.Value, Posix.LOCK_EX | Posix.LOCK_NB) == Errno.EAGAIN ? Errno.EAGAIN : mark.Write(head, 0);
        mark._runAt = Encoding.UTF8.GetByteCount(head);
        if (error == 0) { error = mark.BeginRun(isFirst: true, out _, out _); }
        if (error == 0) { return mark; }
        if (error != Errno.EAGAIN) { mark.Remove(); }
        mark.Dispose();
        throw error == Errno.EAGAIN ? Busy(target) : Failed(target, error);
    }

    private static RestoreMark Continue(TargetDirectory target, int directory, SafeFd held, string identity, ulong number)
    {
        SafeFd file = default;
        int error = Posix.Stat(held.Value, out EntryStat stat);
        bool isMark = error == 0 && stat.Kind == EntryKind.File && stat.Links <= 1 && (stat.Mode & Modes.WritableByOthers) == 0
            && (stat.Uid == Posix.EffectiveUser() || OwnerProbe.Ask(directory, out uint uid, out _) == 0 && stat.Uid == uid);
        if (isMark) { error = Posix.OpenHeld(held.Value, Posix.O_RDWR | Posix.O_NONBLOCK, out file); }
        held.Close();
        if (error != 0) { throw Failed(target, error); }
        if (!isMark) { throw Unusable(target, $"holds {PathText.Of(MarkText.Name(number))}, which is no mark of a restore by this user"); }
        var mark = new RestoreMark(target, number, file);
        if (Posix.Lock(file.Value, Posix.LOCK_EX | Posix.LOCK_NB) == Errno.EAGAIN)
        {
            mark.Dispose();
            throw Busy(target);
        }

        error = Read(file.Value, out string text);
        var read = error == 0 ? MarkText.Parse(text, identity) : null;
        FileTime now = default;
        (string Boot, ulong Mount) place = default;
        if (read is { } found)
        {
            mark.State = found.State;
            mark._runAt = Encoding.UTF8.GetByteCount(identity + MarkText.Of(found.State)) + (long)found.Runs.Count * MarkText.RunLength;
            error = mark.BeginRun(isFirst: false, out now, out place);
            mark.Earlier = new EarlierRuns(found.Runs, now, found.State != TargetState.Filled,
                found.Runs.TrueForAll(r => r.Boot == place.Boot && r.Mount == place.Mount), stat.Uid);
            if (error == 0) { return mark; }
        }

        mark.Dispose();
        throw error != 0 ? Failed(target, error)
            : Unusable(target, $"holds {PathText.Of(MarkText.Name(number))}, which is no mark that can be read");
    }

    /// <summary>Writes the lines of this run, with the time that the file system has.</summary>
    private int BeginRun(bool isFirst, out FileTime began, out (string Boot, ulong Mount) place)
    {
        began = default;
        _ = Posix.MountOf(_file.Value, out ulong mount);
        place = (Boot(), mount);
        int error = Write(MarkText.Run(default, place.Boot, mount), _runAt);
        EntryStat stat = default;
        if (error == 0) { error = Posix.Stat(_file.Value, out stat); }
        if (error != 0) { return error; }
        (_id, HasBirths) = (TargetFileId.Of(in stat), stat.HasBirth);
        began = isFirst && stat.HasBirth ? stat.Birth : stat.Mtime;
        return Write(MarkText.Run(began, place.Boot, mount), _runAt);
    }

    private int Write(string text, long at) => Posix.WriteAllAt(_file.Value, Encoding.UTF8.GetBytes(text), at);

    private static int Read(int file, out string text)
    {
        text = "";
        int error = Posix.Stat(file, out EntryStat stat);
        if (error != 0 || stat.Size > Largest) { return error; }
        var bytes = new byte[stat.Size];
        int at = 0;
        while (at < bytes.Length)
        {
            error = Posix.ReadAt(file, bytes.AsSpan(at), at, out int read);
            if (error != 0) { return error; }
            if (read == 0) { break; }
            at += read;
        }

        text = Encoding.UTF8.GetString(bytes, 0, at);
        return 0;
    }

    private static string Boot()
    {
        try { return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; }
    }

    private static VarveException NotEmpty(TargetDirectory target, int directory)
    {
        var reader = new DirectoryReader();
        int error = reader.Begin(directory);
        while (error == 0 && reader.Next(out ReadOnlySpan<byte> name, out _, out _, out error))
        {
            if (!name.StartsWith(Encoding.ASCII.GetBytes(MarkText.Prefix))) { continue; }
            if (SnapshotOf(directory, name) is { } snapshot)
            {
                return new VarveException(ErrorKind.Usage, Subject.Target(target.DisplayPath([])),
                    $"is not empty: another restore into it was cut off, of snapshot {snapshot}", Advice.FinishRestore);
            }
        }

        return Unusable(target, "is not empty");
    }

    private static string? SnapshotOf(int directory, ReadOnlySpan<byte> name)
    {
        SafeFd file = default;
        int error = Posix.HoldAt(directory, name, out SafeFd held);
        if (error == 0 && Posix.Stat(held.Value, out EntryStat stat) == 0 && stat.Kind == EntryKind.File)
        {
            error = Posix.OpenHeld(held.Value, Posix.O_RDONLY, out file);
        }

        string text = "";
        if (file.IsOpen) { Read(file.Value, out text); }
        file.Close();
        held.Close();
        return MarkText.SnapshotOf(text);
    }

    private static VarveException Unusable(TargetDirectory target, string what) =>
        new(ErrorKind.Usage, Subject.Target(target.DisplayPath([])), what, Advice.EmptyTarget);

    private static VarveException Busy(TargetDirectory target) =>
        new(ErrorKind.Busy, Subject.Target(target.DisplayPath([])), "is being restored into by another process", Advice.WaitForOther);

    private static VarveException Failed(TargetDirectory target, int error) =>
        new(ErrorKind.Storage, Subject.Target(target.DisplayPath([])), $"cannot be written: {Errno.Message(error)}",
        error is Errno.ENOSPC or Errno.EDQUOT ? Advice.FreeTarget : Advice.ChooseTarget);
}
