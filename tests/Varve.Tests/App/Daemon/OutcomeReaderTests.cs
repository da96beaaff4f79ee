using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;
using Varve.Platform.Files;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Daemon;

/// <summary>What came of a run, by how it ended and what it printed.</summary>
public sealed class OutcomeReaderTests : IDisposable
{
    private const string Saved =
        "{\"type\":\"backup\",\"nothingChanged\":false,\"skipped\":false,\"snapshot\":\"12ab\",\"files\":3,\"bytes\":9,\"failureCount\":0}\n";
    private const string Progress = "{\"type\":\"progress\",\"phase\":\"reading\",\"files\":2,\"bytes\":5,\"expectedBytes\":9}\n";

    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData(0, Progress + Saved, "", JobStates.Good)]
    [InlineData(-1, Progress + Saved, "", JobStates.Good)] // of a run that another daemon began
    [InlineData(3, Saved, "", JobStates.Incomplete)]
    [InlineData(1, "", "{\"error\":{\"kind\":\"storage\",\"message\":\"the disk is full\",\"hint\":\"free some\"}}\n", JobStates.Retrying)]
    [InlineData(10, "", "{\"error\":{\"message\":\"no repository\"}}\n", JobStates.Retrying)]
    [InlineData(11, "", "", JobStates.Retrying)]
    [InlineData(137, Progress, "", JobStates.Retrying)] // killed for want of memory
    [InlineData(2, "", "varve: it makes no sense\n", JobStates.Failed)]
    [InlineData(12, "", "", JobStates.Failed)]
    public void It_is_told_by_exit_code_and_report(int code, string output, string errors, string state)
    {
        RunOutcome outcome = Read(JobKind.Backup, code, output, errors);
        Assert.Equal(state, outcome.State);
        Assert.False(outcome.IsCutOff);
        Assert.Equal(state is JobStates.Good or JobStates.Incomplete ? "12ab" : null, outcome.Snapshot);
        Assert.Equal(state != JobStates.Good, outcome.Message is not null);
    }

    [Theory]
    [InlineData(143, false)]
    [InlineData(130, false)]
    [InlineData(137, true)]
    [InlineData(-1, false)]
    public void What_was_cut_off_is_to_be_done_again(int code, bool wasStopped) =>
        Assert.True(Read(JobKind.Backup, code, Progress + "{\"type\":\"backup\",\"sna", "", wasStopped).IsCutOff);

    [Fact]
    public void What_is_wrong_and_what_can_be_done_is_in_the_words_of_the_run()
    {
        RunOutcome outcome = Read(JobKind.Backup, 1, "",
            "varve: warning: x\n{\"error\":{\"message\":\"the disk is full\",\"hint\":\"free some\"}}\n");
        Assert.Equal(("the disk is full", "free some"), (outcome.Message, outcome.Hint));
        Assert.Equal(["warning: x", "the disk is full: free some"], outcome.Lines);
    }

    [Fact]
    public void An_archive_that_was_not_made_is_no_change()
    {
        RunOutcome outcome = Read(JobKind.Archive, 0,
            "{\"archive\":\"/x/a.zip\",\"unchanged\":true,\"digest\":\"dd\",\"failureCount\":0,\"tornCount\":0}\n", "");
        Assert.Equal((false, "dd", "a.zip"), (outcome.HasChanged, outcome.Digest, outcome.Archive));
    }

    [Fact]
    public void Damage_that_a_check_finds_is_no_reason_to_try_again_soon() => Assert.Equal(JobStates.Failed,
        Read(JobKind.Check, 1, "{\"ok\":false,\"damageCount\":2}\n", "").State);

    [Fact]
    public void Where_a_run_stands_is_what_it_said_last()
    {
        File.WriteAllText(Path.Combine(_d.Path, "a.out"),
            Progress + Progress.Replace("\"files\":2", "\"files\":7", StringComparison.Ordinal) + "{\"type\":\"pro");
        using PrivateDirectory folder = PrivateDirectory.OpenExisting(_d.Path)!;
        Assert.Equal((7, 9), (new RunFiles(folder, "a").Progress()!.Files, new RunFiles(folder, "a").Progress()!.ExpectedBytes));
        Assert.Null(new RunFiles(folder, "b").Progress());
    }

    private RunOutcome Read(JobKind kind, int code, string output, string errors, bool wasStopped = false)
    {
        File.WriteAllText(Path.Combine(_d.Path, "a.out"), output);
        File.WriteAllText(Path.Combine(_d.Path, "a.err"), errors);
        using PrivateDirectory folder = PrivateDirectory.OpenExisting(_d.Path)!;
        var job = new Job { Name = "a", Kind = kind, Lane = "", ScheduleText = "", Words = ["x"] };
        return OutcomeReader.Of(job, code, wasStopped, new RunFiles(folder, "a"));
    }
}
