using System.Text;
using Varve.App.Daemon.Watch;
using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Backup.Sources;

namespace Varve.App.Commands;

/// <summary><c>varve config check</c>: every mistake of the configuration, with its place.</summary>
internal static class ConfigCheckCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string? named = values.Argument(ConfigSettings.File);
        ConfigFile? config;
        try
        {
            config = named is not null ? ConfigReader.Find(Texts.NotEmpty(named, "FILE"), null, context.Environment("HOME"))
                : GlobalOptions.ReadConfiguration(values, context.Environment);
        }
        catch (VarveException e) when (e.Subject.Kind == SubjectKind.Configuration)
        {
            return context.Conclude(new ConfigCheckReport(e.Subject.Name, [e], context.Next), Outcome.Failed);
        }

        if (config is null)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Command("config check"), "there is no configuration", Advice.SeeExample);
        }

        IReadOnlyList<Job> jobs = new JobPlan(config, [], new JobLine([], null)).Make();
        List<VarveException> wrong = [.. config.Wrong.Select(static w => w.Error), .. RuleFiles(config),
            .. jobs.Where(j => j.Wrong is not null && !config.Wrong.Any(w => w.Error == j.Wrong)).Select(static j => j.Wrong!)];
        return context.Conclude(new ConfigCheckReport(config.Location, wrong, context.Next)
        {
            Sources = config.Sources.Count + config.Wrong.Count,
            Repositories = config.Repositories.Count,
            Profiles = config.Profiles.Count,
            Notes = [.. Notes(config)],
            InForce = [.. jobs.Where(static j => j.Wrong is null).Select(j => new WatchPart
            {
                Name = j.Name, Kind = j.KindWord, Schedule = j.ScheduleText, To = j.To,
                Retention = (config.Sources.FirstOrDefault(s => s.Name == j.Name)?.Retention ?? config.Retention) is not null,
                Hooks = HooksOf(config, j),
            })],
        }, wrong.Count > 0 ? Outcome.Failed : Outcome.Done);
    }

    private static List<string> HooksOf(ConfigFile config, Job job)
    {
        if (!job.IsSource) { return []; }
        SourceConfig? source = config.Sources.FirstOrDefault(s => s.Name == job.Name);
        return [.. config.Hooks.Moments.Union(source?.Hooks.Moments ?? [])];
    }

    /// <summary>What is wrong with files of rules, which a backup would read.</summary>
    private static List<VarveException> RuleFiles(ConfigFile config)
    {
        var wrong = new List<VarveException>();
        IEnumerable<SourceRules> all =
            [config.Rules, .. config.Sources.Select(static s => s.Rules), .. config.Profiles.Select(static p => p.Rules)];
        foreach (GivenRule given in all.SelectMany(static r => r.Rules))
        {
            try { given.Read(); }
            catch (VarveException e) { wrong.Add(e); }
        }

        return wrong;
    }

    private static IEnumerable<string> Notes(ConfigFile config)
    {
        foreach (SourceConfig source in config.Sources)
        {
            foreach (RootMapping root in source.Roots)
            {
                if (!root.IsRemovable && !Path.Exists(Encoding.UTF8.GetString(root.Path)))
                {
                    yield return $"the source '{source.Name}': {NameText.Escape(root.Path)} does not exist now";
                }
            }
        }

        if (config.Daemon.Forget is not null && config.Retention is null && config.Sources.All(static s => s.Retention is null))
        {
            yield return "the daemon is to forget, and 'retention' is said nowhere: it will keep everything";
        }

        foreach (RepositoryConfig repository in config.Repositories)
        {
            if (repository.Address[0] == '/' && !Directory.Exists(repository.Address))
            {
                yield return $"the repository '{repository.Name}': {repository.Address} does not exist now";
            }

            if (repository.Credential is { Kind: CredentialKind.KeyFile or CredentialKind.PasswordFile } file && !File.Exists(file.Value))
            {
                yield return $"the repository '{repository.Name}': {file.Value} does not exist now";
            }
        }
    }
}
