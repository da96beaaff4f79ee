using Varve.App.Invocation;
using Varve.App.Output.Changes;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Platform;

namespace Varve.App.Commands;

/// <summary><c>varve noscan</c>: marks by hand of what backups do not enter.</summary>
internal static class NoScanCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        NoScanList list = context.Options.NoScan ?? throw GlobalOptions.NoHome("the list of marks", Advice.None);
        string[] typed = values.Arguments(NoScanSettings.Paths);
        bool isMarked = !values.Has(NoScanSettings.Remove);
        if (typed.Length == 0 && !isMarked) { throw LineErrors.Of(NoScanSettings.Command, "PATH is missing"); }
        if (typed.Length == 0) { return List(list, context); }
        // All are looked at before the first is marked.
        byte[][] paths = [.. typed.Select(p => isMarked ? Existing(p) : Named(p))];
        bool allDone = true;
        foreach (byte[] path in paths)
        {
            bool hasChanged = list.Set(path, isMarked);
            allDone &= hasChanged || isMarked;
            context.Results.Write(new NoScanReport(path, isMarked, hasChanged));
        }

        return allDone ? Outcome.Done : Outcome.Failed;
    }

    private static Outcome List(NoScanList list, CommandContext context)
    {
        byte[][] paths = [.. list.Read().Select(static r => NoScanList.PathOf(r.Pattern))];
        if (paths.Length == 0) { context.Results.Empty("no directory is marked"); }
        foreach (byte[] path in paths) { context.Results.Write(new NoScanReport(path)); }
        return Outcome.Done;
    }

    private static byte[] Existing(string typed)
    {
        byte[] path = Named(typed);
        int errno = Posix.StatAt(Posix.AT_FDCWD, path, out EntryStat stat);
        if (errno == 0 && stat.Kind == EntryKind.Directory) { return path; }
        throw new VarveException(ErrorKind.Usage, Subject.Path(path),
            errno == 0 ? "is no directory, and a rule leaves out what is none" : Errno.Message(errno), Advice.CheckPath);
    }

    /// <summary>The directory's path without symlinks, as a backup comes to it; of one that is gone as it was typed.</summary>
    private static byte[] Named(string typed)
    {
        byte[] path = Texts.FullBytes(typed, "the path");
        return SourceRoot.TryResolve(path) ?? path;
    }
}
