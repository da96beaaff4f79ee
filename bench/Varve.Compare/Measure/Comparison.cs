using Varve.Compare.Corpora;
using Varve.Compare.Options;
using Varve.Compare.Run;
using Varve.Compare.Tools;

namespace Varve.Compare.Measure;

/// <summary>The whole measurement: every tool takes its turn in every round, in an order that moves on by one each round.</summary>
internal sealed class Comparison(CompareOptions options, CommandRunner runner, string folder, Action<string> log)
{
    /// <summary>Measures all that the options ask for. A tool's failure is in the results.</summary>
    public Results Run(IReadOnlyList<Participant> participants)
    {
        var results = new Results();
        foreach (Corpus corpus in CorpusCatalog.Choose(options, Path.Combine(folder, "corpus")))
        {
            try
            {
                EnsureSpace(corpus);
                log($"{corpus.Key}: making the corpus");
                corpus.Create(runner);
                MeasuredCorpus measured = results.Begin(corpus, corpus.Rows.Where(options.Rows.Contains).ToList());
                log($"{corpus.Key}: {corpus.Size.Files} files, {corpus.Size.Directories} directories, {corpus.Size.Bytes} bytes");
                Measure(corpus, measured, results, participants);
            }
            catch (IOException e)
            {
                log($"{corpus.Key}: {e.Message}");
                results.Miss(corpus, e.Message);
            }
            finally { runner.Run(new Command("rm", "-rf", "--", Path.GetDirectoryName(corpus.Root)!)); }
        }

        return results;
    }

    /// <summary>Those of the chosen tools that are installed, with their versions; says which are not.</summary>
    public List<Participant> FindTools(IDictionary<string, string> versions)
    {
        var participants = new List<Participant>();
        foreach (string name in Chosen())
        {
            BackupTool? backup = name switch
            {
                ToolNames.Varve => new VarveTool(name, options.VarveProgram, Path.Combine(folder, name)),
                ToolNames.Before => new VarveTool(name, options.BeforeProgram!, Path.Combine(folder, name)),
                ToolNames.Restic => new ResticTool(options.ResticProgram, Path.Combine(folder, "restic")),
                ToolNames.Borg => new BorgTool(Path.Combine(folder, "borg")),
                _ => null,
            };
            IReadOnlyList<Command> needed = backup is not null ? [backup.Version]
                : name == ToolNames.Tar ? [new Command("tar", "--version"), new Command("zstd", "--version")]
                : [new Command(name, "--version")];
            if (!needed.All(c => NoteVersion(name, c, versions)))
            {
                if (name == ToolNames.Before)
                {
                    throw new IOException($"--before: {options.BeforeProgram}: {versions[ToolNames.Title(name)]}");
                }
                continue;
            }

            if (backup is not null) { participants.Add(new BackupParticipant(backup)); }
            if (name == ToolNames.Find) { participants.Add(new FindParticipant()); }
            if (name == ToolNames.Copy) { participants.Add(new CopyParticipant()); }
            if (name == ToolNames.Tar) { participants.AddRange([new TarParticipant(threads: false), new TarParticipant(threads: true)]); }
        }

        if (options.Tools.Contains(ToolNames.Varve)) { participants.Add(new ScaleParticipant(ToolNames.Varve, options.ScaleProgram)); }
        if (options.BeforeScaleProgram is { } before) { participants.Add(new ScaleParticipant(ToolNames.Before, before)); }
        return participants;
    }

    // The second Varve stands behind the first.
    private IEnumerable<string> Chosen()
    {
        foreach (string name in ToolNames.Choices)
        {
            if (options.Tools.Contains(name)) { yield return name; }
            if (name == ToolNames.Varve && options.BeforeProgram is not null) { yield return ToolNames.Before; }
        }
    }

    private void Measure(Corpus corpus, MeasuredCorpus measured, Results results, IReadOnlyList<Participant> participants)
    {
        for (int number = 1 - options.Warmups; number <= options.Runs; number++)
        {
            var round = new Round(runner, corpus, measured, results, number, Path.Combine(folder, "scratch"), log) { Rows = options.Rows };
            int first = number + options.Warmups - 1;
            for (int i = 0; i < participants.Count; i++)
            {
                corpus.Settle();
                Participant participant = participants[(first + i) % participants.Count];
                participant.TakeTurn(round with { Rows = options.RowsOf(participant.Tool) });
            }
        }
    }

    private bool NoteVersion(string tool, Command command, IDictionary<string, string> versions)
    {
        CommandResult result = runner.Run(command);
        string program = tool == ToolNames.Before ? ToolNames.Title(tool) : Path.GetFileName(command.Program);
        if (!result.Succeeded)
        {
            versions[program] = "not measured: " + result.Failure;
            log($"{tool} is left out: {command}: {result.Failure}");
            return false;
        }

        versions[program] = result.Output.Split('\n')[0].Trim();
        return true;
    }

    private void EnsureSpace(Corpus corpus)
    {
        long free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < corpus.NeededBytes)
        {
            throw new IOException(
                $"The corpus '{corpus.Key}' needs about {corpus.NeededBytes >> 20} MiB in {folder}, which has {free >> 20} MiB free: "
                + "choose another folder with --work, or smaller corpora with --many and --large-gb.");
        }
    }
}
