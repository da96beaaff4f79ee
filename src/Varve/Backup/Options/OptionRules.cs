using System.Globalization;
using Varve.Backup.Rules;
using Varve.Backup.Sources;
using Varve.Model.Paths;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Backup.Options;

/// <summary>What must hold of a backup's options, and can be told before anything is locked, made or looked up.</summary>
internal static class OptionRules
{
    /// <summary>Opens the roots of a source that may be backed up so.</summary>
    /// <exception cref="VarveException">Usage: options that make no sense. NotFound, Storage: none of the roots is there.</exception>
    internal static SourceTree Open(BackupOptions options)
    {
        bool inPasses = options.NewestFirst || options.Budget is not null;
        if (options.Force && inPasses)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("reading every file"),
                "goes neither with newest first nor with a budget", Advice.ForceAlone);
        }

        foreach (ExcludeRule rule in options.ExcludeRules)
        {
            RuleText.Check(rule.Pattern, rule.File is null ? null : (rule.File, rule.Line));
        }

        FileGroups.Of(options.Groups);
        PathMapping? mapping = options.PathMap.Count == 0 ? null : new PathMapping(options.PathMap);
        if (mapping is not null && options.Only is not null)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("mapping paths"), "does not go with a list of the paths to back up");
        }

        SourceTree tree = options.Stream is not null ? SourceTree.OpenStandIn(options.CanonicalRoot!) : SourceTree.Open(
            [new RootRequest(options.RootPath, options.RootAs, options.RootIsRemovable, options.RootFileSystem),
            .. options.FurtherRoots.Select(static r => new RootRequest(r.Path, r.As, r.IsRemovable, r.FileSystem))],
            options.CanonicalRoot, mapping);
        if (mapping is not null && tree.Root.Stat.Kind != EntryKind.Directory)
        {
            tree.Dispose();
            throw new VarveException(ErrorKind.Usage, Subject.Request("mapping paths"), "is for directories, and the source is one file");
        }

        if (!inPasses || tree.Root.Stat.Kind == EntryKind.Directory) { return tree; }
        var wrong = new VarveException(ErrorKind.Usage, Subject.Source(tree.CanonicalPath),
            "it is one file, and newest first and budgets are for directories", Advice.NoBudget);
        tree.Dispose();
        throw wrong;
    }
}
