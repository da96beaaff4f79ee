using Varve.Backup.Live;
using Varve.Backup.Options;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Catalog.Rows;

namespace Varve.Backup;

/// <summary>Walks a source as a backup would, for those who do something else with what is found. Stateless.</summary>
internal static class LiveRunner
{
    /// <summary>
    /// Walks with so many <paramref name="threads"/> and gives <paramref name="sink"/> what there is; <paramref name="own"/>: places that
    /// are left out, and why. What could not be looked at is in the result.
    /// </summary>
    /// <exception cref="VarveException">Usage, NotFound: the source or its rules.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static (IReadOnlyList<Failure> Failures, long FailureCount) Walk(
        BackupOptions options, IReadOnlyList<(string Path, string What)> own, ILiveSink sink, int threads, TimeProvider time,
        CancellationToken cancellationToken)
    {
        using SourceTree tree = OptionRules.Open(options);
        var tally = new RunTally(new RunProgress());
        var source = new SourceRow(0, default, "", "", tree.Root.RealPath, tree.CanonicalPath);
        RunRules rules = DryRunner.RulesOf(own, options, tree, source, [], time, []);
        new LiveWalk(DryRunner.PassOf(source, rules, tally, time), tree, sink, threads).Run(cancellationToken);
        return tally.Failures();
    }
}
