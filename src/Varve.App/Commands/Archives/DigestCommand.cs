using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Archives;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Archives.Digest;

namespace Varve.App.Commands.Archives;

/// <summary><c>varve digest</c>: one hash over a tree, or whether trees have the hashes that were recorded.</summary>
internal static class DigestCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        var options = new DigestOptions
        {
            Mode = values.Has(ArchiveSettings.Content) ? DigestMode.Content : DigestMode.Metadata,
            Lists = values.Has(ArchiveSettings.ListDigests),
            Rules = DigestRules.Of(values),
            OneFileSystem = values.Has(ArchiveSettings.OneFileSystem),
            Threads = values.Get(ArchiveSettings.Workers, Environment.ProcessorCount),
        };
        CancellationToken cancelled = context.CancelOnSignal("stopping (again to stop at once)");
        string[] paths = values.Arguments(ArchiveSettings.DigestPaths);
        if (values.Find(ArchiveSettings.CheckDigests) is not { } file)
        {
            return paths.Length > 0 ? Print(paths, options, context, cancelled)
                : throw new VarveException(ErrorKind.Usage, Subject.Command("digest"), "no PATH is given", Advice.SeeHelp);
        }

        if (paths.Length > 0 || options.Lists || options.Mode == DigestMode.Content)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(ArchiveSettings.CheckDigests.Name),
                "goes by what the file says: neither PATH nor --list nor --content goes with it");
        }

        return Check(file, options, context, cancelled);
    }

    private static Outcome Print(string[] paths, DigestOptions options, CommandContext context, CancellationToken cancelled)
    {
        Outcome worst = Outcome.Done;
        foreach (string path in paths)
        {
            Outcome outcome;
            try
            {
                TreeDigest result = Digester.Run(Texts.Path(path, "PATH"), options, cancelled);
                context.Results.Write(new DigestReport(result));
                foreach ((byte[] below, string? digest) in result.Directories)
                {
                    if (below.Length > result.Path.Length) { context.Results.Write(new DigestDirectoryReport(below, digest)); }
                }

                outcome = result.Digest is null ? Outcome.Incomplete : Outcome.Done;
            }
            catch (VarveException e) when (paths.Length > 1 && e.Kind is ErrorKind.NotFound or ErrorKind.Storage)
            {
                context.Report(e);
                outcome = Outcome.Incomplete;
            }

            worst = outcome > worst ? outcome : worst;
        }

        return worst;
    }

    private static Outcome Check(string file, DigestOptions options, CommandContext context, CancellationToken cancelled)
    {
        IReadOnlyList<RecordedDigest> recorded = RecordedDigests.Read(file);
        long different = 0, unreadable = 0;
        foreach ((RecordedDigest line, string? digest) in RecordedDigests.Compare(recorded, options, context.Say, cancelled))
        {
            context.Results.Write(new DigestCheckReport(line.Path, line.Digest, digest));
            if (digest is null) { unreadable++; }
            else if (digest != line.Digest) { different++; }
        }

        if (different > 0) { context.Say($"{Human.Count(different)} of {Human.Count(recorded.Count, "digest")} did not match"); }
        if (unreadable > 0) { context.Say($"{Human.Count(unreadable)} of {Human.Count(recorded.Count, "path")} could not be read"); }
        return different > 0 ? Outcome.Failed : unreadable > 0 ? Outcome.Incomplete : Outcome.Done;
    }
}
