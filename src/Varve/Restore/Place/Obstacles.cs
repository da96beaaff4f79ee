using Varve.Model;
using Varve.Platform;
using Varve.Restore.Resume;
using Varve.Restore.Target;

namespace Varve.Restore.Place;

/// <summary>
/// Makes room for an entry where something of another kind stands, or keeps what is about to be replaced under another name. What is no
/// directory, and makes room for no directory, stays until the new one takes its name. One thread.
/// </summary>
/// <param name="rules">Whether what goes is kept.</param>
/// <param name="sweeper">Removes a directory with what is in it, where that is asked for; null if only empty ones go.</param>
internal sealed class Obstacles(PlaceRules rules, ExtraSweeper? sweeper)
{
    /// <summary>0, or the error number that says why it stays.</summary>
    internal int Clear(TargetDirectory directory, byte[] name, byte[] path, in EntryStat there, EntryKind wanted)
    {
        bool goesNow = there.Kind == EntryKind.Directory || wanted == EntryKind.Directory;
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0) { return error; }
            if (!goesNow)
            {
                if (rules.Suffix.Length > 0) { error = OldKeeper.Keep(pin.Descriptor, name, in there, rules.Suffix); }
                if (error == 0) { _ = Unforbid.File(pin.Descriptor, name, in there); }
                return error;
            }

            if (there.Kind != EntryKind.Directory)
            {
                if (rules.Suffix.Length > 0) { return OldKeeper.Move(pin.Descriptor, name, rules.Suffix); }
                _ = Unforbid.File(pin.Descriptor, name, in there);
                return Posix.UnlinkAt(pin.Descriptor, name);
            }

            if (sweeper is null)
            {
                return rules.Suffix.Length > 0 ? OldKeeper.Move(pin.Descriptor, name, rules.Suffix)
                    : Posix.UnlinkAt(pin.Descriptor, name, Posix.AT_REMOVEDIR);
            }
        }

        return sweeper.Remove(directory, name, path, isDry: false) ? 0 : Errno.ENOTEMPTY;
    }
}
