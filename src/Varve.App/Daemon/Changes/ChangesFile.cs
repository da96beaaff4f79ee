using Varve.Backup.Dirty;
using Varve.Platform;

namespace Varve.App.Daemon.Changes;

/// <summary>
/// What the daemon tells a run of changes, and the run what the next one goes by: in two files of the daemon's state. One that is torn, or
/// anything else, tells nothing: then everything is looked at.
/// </summary>
internal static class ChangesFile
{
    /// <summary>Behind the name of the first file, that of the second.</summary>
    internal const string RestEnding = ".rest";

    /// <summary>What changed; null: nobody says.</summary>
    internal static DirtySet? Read(string file)
    {
        try { return DirtySet.Decode(File.ReadAllBytes(file)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }

    /// <summary>Says what the next run goes by. Where it cannot be said, that looks at everything.</summary>
    internal static void WriteRest(string file, DirtySet? rest, Action<Notice> warn)
    {
        if (rest is null) { return; }
        try
        {
            string made = file + RestEnding + ".new";
            File.WriteAllBytes(made, rest.Encode());
            File.Move(made, file + RestEnding, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn(new Notice(Subject.Path(file), $"cannot be written: {Errno.Message(e)}; the next backup looks at everything"));
        }
    }
}
