using Varve.Model;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Place;
using Varve.Restore.Target;
using Varve.Restore.Write;

namespace Varve.Restore.Plan;

/// <summary>
/// The content that a large file has before it is replaced: what of it stays the same is not fetched. The new file begins as a clone of it
/// where the file system has clones; else what is the same is copied. Or the file is written where it stands. One thread.
/// </summary>
internal sealed class PresentContent : IDisposable
{
    /// <summary>Smaller files are written anew.</summary>
    internal const long Least = 1 << 20;

    private readonly ContentMatch _match;
    private readonly RestoredFile _file;
    private readonly SafeFd _old;
    private readonly bool _isInPlace, _ownsOld;

    private PresentContent(ContentMatch match, RestoredFile file, SafeFd old, bool isInPlace, bool ownsOld) =>
        (_match, _file, _old, _isInPlace, _ownsOld) = (match, file, old, isInPlace, ownsOld);

    /// <summary>Begins a file in the place of another. What was there may be null: then nothing of it serves.</summary>
    internal static RestoreOutcome Begin(RestoreContext context, TargetDirectory directory, ReadOnlySpan<byte> name, long size,
        in Standing standing, out RestoredFile? file, out PresentContent? present)
    {
        present = null;
        if (standing.Verdict != PlaceVerdict.Replace) { return context.Files.CreateFile(directory, name, size, out file); }
        PlaceInspector inspector = context.Inspector!;
        SafeFd there = default;
        bool isFile = standing.Stat.Kind == EntryKind.File, writesInto = standing.WritesInto;
        if (writesInto || standing.KeepsInode)
        {
            file = null;
            int error = FileWriter.OpenThere(directory, name, standing.Id, out there);
            if (error != 0) { return RestoreOutcome.NotWritten(error, directory, name); }
        }

        RestoreOutcome outcome = writesInto ? context.Files.TakeThere(directory, name, standing.Id, size, there, out file)
            : context.Files.CreateFile(directory, name, size, out file, replaces: true, into: there);
        if (file is null || !isFile || standing.Stat.Size == 0 || size < Least && !writesInto) { return outcome; }
        SafeFd old = there;
        if (writesInto || standing.KeepsInode || OpenOld(directory, name, standing.Id, out old) == 0)
        {
            present = new PresentContent(inspector.Content, file, old, writesInto || file.Clone(old),
                ownsOld: !writesInto && !standing.KeepsInode);
        }

        return outcome;
    }

    /// <summary>
    /// Whether an extent needs nothing from the repository: it is there as it is to be, or a hole. Then it is in the new file; an error
    /// number tells if that could not be.
    /// </summary>
    internal bool Has(in Extent extent, long position, out int error)
    {
        error = 0;
        bool same = _match.IsMatch(_old.Value, in extent, position);
        if (extent.IsHole)
        {
            if (_isInPlace && !same) { error = _file.Clear(position, extent.Length); }
            return true;
        }

        if (same && !_isInPlace) { error = _file.CopyFrom(_old, position, extent.Length); }
        return same;
    }

    private static int OpenOld(TargetDirectory directory, ReadOnlySpan<byte> name, TargetFileId id, out SafeFd file)
    {
        file = default;
        int error = directory.Hold(name, id, out EntryStat stat, out SafeFd held);
        if (error == 0 && stat.Kind != EntryKind.File) { error = Errno.ESTALE; }
        if (error == 0) { error = Posix.OpenHeld(held.Value, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY, out file); }
        held.Close();
        return error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsOld) { _old.Close(); }
    }
}
