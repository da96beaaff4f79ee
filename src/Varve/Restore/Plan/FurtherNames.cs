using Varve.Model;
using Varve.Model.Bytes;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Place;
using Varve.Restore.Resume;
using Varve.Restore.Target;
using Varve.Restore.Write;
using Varve.Tree.Details;

namespace Varve.Restore.Plan;

/// <summary>
/// The second and later names of entries. They wait until the first is there, and become hard links to it. Where the target has no links,
/// or no more of them, a name becomes an entry of its own, written from the repository as the first was: nothing is read back from the
/// target. One thread.
/// </summary>
internal sealed class FurtherNames(RestoreContext context, MetadataSetter metadata, RestoreWorkers workers, WriteEntry write,
    Obstacles? obstacles)
{
    private const int MostWaiting = 65_536, MostTries = 3;

    private readonly List<(TargetDirectory Directory, byte[] Name, TargetFileId Id, uint Attributes)> _lateFlags = [];
    private readonly HashSet<ulong> _begun = [];
    private readonly ByteWriter _details = new(256);
    private EntryTable _waiting = new(), _now = new();
    private List<(ulong Group, TargetDirectory Directory)> _places = [], _placesNow = [];

    /// <summary>
    /// Whether this is a further name of an entry; then it is dealt with here. Else it is the first of its group, or has none.
    /// </summary>
    internal bool Takes(TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        ulong group = LinkIdentity.Of(in stat, details);
        if (group == 0 || context.Links.TryBegin(group, target, name, stat.Kind == EntryKind.File ? stat.Attributes : 0)) { return false; }
        Wait(group, target, name, in stat, details);
        if (_places.Count >= MostWaiting) { Make(); }
        return true;
    }

    /// <summary>Makes all that wait, sets the flags that had to wait for them, and gives all directories back.</summary>
    internal void Finish()
    {
        Make();
        workers.Drain();
        foreach (LinkedFiles.First first in context.Links.TakeAll()) { End(in first); }
        foreach ((TargetDirectory directory, byte[] name, TargetFileId id, uint attributes) in _lateFlags)
        {
            RestoreOutcome outcome = metadata.SetFlags(directory, name, id, attributes);
            if (!outcome.Ok) { context.Fail(directory, name, in outcome); }
            directory.Release();
        }
    }

    private void Make()
    {
        // A name that becomes the first of its group has to be written before the next can be a link to it: another round.
        while (_places.Count > 0)
        {
            workers.Drain();
            _begun.Clear();
            (_waiting, _now) = (_now, _waiting);
            (_places, _placesNow) = (_placesNow, _places);
            for (int i = 0; i < _placesNow.Count; i++)
            {
                (ulong group, TargetDirectory directory) = _placesNow[i];
                ReadOnlySpan<byte> name = _now.Name(i);
                if (_begun.Contains(group)) { Wait(group, directory, name, in _now.Stat(i), _now.Details(i)); }
                else { Make(group, directory, name, in _now.Stat(i), _now.Details(i)); }
                directory.Release();
            }

            _now.Clear();
            _placesNow.Clear();
        }
    }

    private void Make(ulong group, TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        LinkedFiles.First first = context.Links.Find(group);
        if (!first.IsMade && first.Tries > 0)
        {
            context.Monitor.Fail(new Failure(directory.RelativePath(name), FailedOperation.Write, 0,
                "what it is another name of could not be restored"));
            return;
        }

        if (!first.IsMade)
        {
            BeginAnew(group, directory, name, in stat, details);
            return;
        }

        bool replaces = false;
        if (context.Inspector is not null)
        {
            Standing standing = context.Inspector.LookForLink(directory, name, in stat, first.Id);
            if (!Settle(in standing, directory, name, stat.Kind)) { return; }
            replaces = standing.Verdict == PlaceVerdict.Replace;
        }
        else
        {
            EarlierRuns.Found found = context.Look(directory, name, in stat, out _);
            if (found != EarlierRuns.Found.Nothing)
            {
                context.Found(found, directory, name, in stat);
                return;
            }
        }

        RestoreOutcome outcome = SpecialFiles.Link(first.Directory, first.Name, first.Id, directory, name,
            replaces ? context.Files.Number : null);
        switch (outcome.Errno)
        {
            case 0:
                context.Count(stat.Kind);
                context.Written(directory, name, stat.Kind, replaces);
                break;
            case Errno.EMLINK:
                MetadataLosses.At(directory, name);
                metadata.Losses.Add(MetadataLosses.Loss.Links);
                BeginAnew(group, directory, name, in stat, details);
                break;
            case Errno.ESTALE or Errno.ENOENT when first.Tries < MostTries:
                // Somebody moved or removed the first name.
                BeginAnew(group, directory, name, in stat, details);
                break;
            case Errno.EPERM or Errno.ENOTSUP or Errno.ENOSYS or Errno.EXDEV or Errno.ESTALE or Errno.ENOENT:
                MetadataLosses.At(directory, name);
                metadata.Losses.Add(MetadataLosses.Loss.Links);
                _details.Clear();
                DetailsCodec.WithoutLinkGroup(_details, details);
                Write(directory, name, in stat, _details.Written);
                break;
            default: context.Fail(directory, name, in outcome); break;
        }
    }

    /// <summary>Deals with what stands where a link is to be; true if it is to be made.</summary>
    private bool Settle(in Standing standing, TargetDirectory directory, ReadOnlySpan<byte> name, EntryKind kind)
    {
        switch (standing.Verdict)
        {
            case PlaceVerdict.Whole: context.Monitor.AddUnchanged(); return false;
            case PlaceVerdict.LeftAlone: context.Monitor.AddLeftAlone(); return false;
            case PlaceVerdict.Replace:
                int error = obstacles!.Clear(directory, name.ToArray(), directory.RelativePath(name), standing.Stat, kind);
                if (error == 0) { return true; }
                var outcome = RestoreOutcome.InTheWay(error, standing.Stat.Kind);
                context.Fail(directory, name, in outcome);
                return false;
            default: return true;
        }
    }

    /// <summary>Makes a name the first of its group, since there is none, or none that can have more.</summary>
    private void BeginAnew(ulong group, TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        LinkedFiles.First before = context.Links.Replace(group, directory, name.ToArray());
        End(in before);
        _begun.Add(group);
        Write(directory, name, in stat, details);
    }

    private void Write(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        try { write(directory, name, in stat, details); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            context.Monitor.Fail(new Failure(directory.RelativePath(name), FailedOperation.Read, 0, e.Message));
        }
    }

    private void Wait(ulong group, TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        directory.AddReference();
        _places.Add((group, directory));
        _waiting.Add(name, in stat, details);
    }

    private void End(in LinkedFiles.First first)
    {
        if (first.IsMade && first.Attributes != 0) { _lateFlags.Add((first.Directory, first.Name, first.Id, first.Attributes)); }
        else { first.Directory.Release(); }
    }
}
