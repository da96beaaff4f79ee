using Varve.Model;
using Varve.Model.Changes;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Place;
using Varve.Restore.Target;
using Varve.Restore.Write;
using Varve.Tree.Details;

namespace Varve.Restore.Plan;

/// <summary>
/// Goes over a target as a restore would, and writes nothing: it tells what the restore would do (a dry run), or what is not as it is to be
/// (after one). One thread.
/// </summary>
/// <param name="context">Where it counts.</param>
/// <param name="isVerification">After a restore: what differs is a failure.</param>
/// <param name="lost">What the restore could not set by nature is not looked for.</param>
/// <param name="known">Paths of which it was told already that they failed.</param>
/// <param name="sweeper">Tells what would go with a directory that is in the way; null if nothing goes.</param>
/// <param name="staysAll">Of a dry run: what stands in the target stays, whatever it is.</param>
internal sealed class PlaceSurvey(RestoreContext context, bool isVerification, bool lost, IReadOnlySet<string> known, ExtraSweeper? sweeper,
    bool staysAll = false)
{
    private readonly Dictionary<ulong, TargetFileId> _first = [];

    private RestoreMonitor Monitor => context.Monitor;

    /// <summary>A directory: null if it is not in the target.</summary>
    internal void Directory(TargetDirectory? there, TargetDirectory? parent, byte[] name, byte[] path, in EntryStat stat,
        EntryDetails details)
    {
        if (there is null)
        {
            if (isVerification)
            {
                Fail(path, "it is not there, or is no directory");
                return;
            }

            Standing standing = parent is null ? default : context.Inspector!.LookForDirectory(parent, name, in stat);
            if (standing.Verdict == PlaceVerdict.LeftAlone) { Monitor.AddLeftAlone(); }
            else { Would(path, in stat, standing.Verdict == PlaceVerdict.Replace, countsBytes: false); }
            return;
        }

        if (!staysAll && !HasMetadata(there, in stat, details)) { Differs(path, in stat); }
    }

    /// <summary>Anything else.</summary>
    internal void Entry(TargetDirectory? directory, byte[] path, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        ulong group = LinkIdentity.Of(in stat, details);
        bool isFurther = group != 0 && _first.ContainsKey(group);
        Standing standing = directory is null ? default : context.Inspector!.Look(directory, name, in stat, details, group);
        PlaceVerdict verdict = standing.Verdict;
        if (group != 0 && !_first.TryAdd(group, standing.Id))
        {
            bool isFirst = _first[group] == standing.Id;
            // The same, but not the same file; or what is written into the file by its first name.
            if (!isFirst && verdict is PlaceVerdict.Whole or PlaceVerdict.Metadata) { verdict = PlaceVerdict.Replace; }
            if (isFirst && !isVerification && (standing.KeepsInode || verdict == PlaceVerdict.Metadata)) { verdict = PlaceVerdict.Whole; }
        }

        if (verdict == PlaceVerdict.Replace && standing.Stat.Kind == EntryKind.Directory && !isVerification)
        {
            sweeper?.Remove(directory!, name.ToArray(), path, isDry: true);
        }

        if (staysAll && verdict != PlaceVerdict.Nothing)
        {
            Monitor.Fail(new RestoreOutcome(FailedOperation.Write, Errno.EEXIST, Created: false).ToFailure(path));
            return;
        }

        switch (verdict)
        {
            case PlaceVerdict.Whole: AddSame(); break;
            case PlaceVerdict.Metadata: Differs(path, in stat); break;
            case PlaceVerdict.LeftAlone: if (!isVerification) { Monitor.AddLeftAlone(); } break;
            case PlaceVerdict.Nothing when isVerification: Fail(path, "it is not there"); break;
            case PlaceVerdict.Replace when isVerification: Fail(path, "what was read back is not what the snapshot says"); break;
            default: Would(path, in stat, verdict == PlaceVerdict.Replace, countsBytes: !isFurther); break;
        }
    }

    private bool HasMetadata(TargetDirectory there, in EntryStat stat, EntryDetails details)
    {
        int error = there.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0 || Posix.Stat(pin.Descriptor, out EntryStat now) != 0) { return false; }
            // Its time is another whenever anything came or went in it, and follows what is told of that.
            EntryStat wanted = stat;
            if (!isVerification) { wanted.Mtime = now.Mtime; }
            long window = FileSystemKind.KeptTimeNanoseconds(pin.Descriptor);
            return !context.Inspector!.Adjuster.Differs(pin.Descriptor, "."u8, in now, in wanted, details, window);
        }
    }

    private void Differs(byte[] path, in EntryStat stat)
    {
        if (!isVerification)
        {
            Monitor.AddMetadata();
            Monitor.Tell(EntryChange.Metadata, path, in stat);
        }
        else if (lost) { Monitor.AddVerified(); }
        else { Fail(path, "its metadata are not what the snapshot says"); }
    }

    private void AddSame()
    {
        if (isVerification) { Monitor.AddVerified(); }
        else { Monitor.AddUnchanged(); }
    }

    private void Would(byte[] path, in EntryStat stat, bool replaces, bool countsBytes)
    {
        if (replaces) { Monitor.AddReplaced(); }
        if (stat.Kind == EntryKind.Directory) { Monitor.AddDirectory(); }
        else { context.Count(stat.Kind); }
        if (stat.Kind == EntryKind.File && countsBytes) { Monitor.AddBytes(stat.Size); }
        Monitor.Tell(replaces ? EntryChange.Changed : EntryChange.New, path, in stat);
    }

    private void Fail(byte[] path, string what)
    {
        if (known.Contains(System.Text.Encoding.Latin1.GetString(path))) { return; }
        Monitor.Fail(new Failure(path, FailedOperation.Read, 0, what));
    }
}
