using Varve.Tests.Kit;

namespace Varve.Tests.App.Hooks;

/// <summary>What the configuration has run around backups.</summary>
public sealed class HookTests : IDisposable
{
    private const string All = """
        hooks: {before: [NOTE], after: [NOTE], on-success: [NOTE], on-failure: [NOTE]}
        sources:
          - name: docs
            roots: [$OUT/docs]
            hooks: {before: [NOTE], after: [NOTE], on-success: [NOTE], on-failure: [NOTE]}
          - name: other
            roots: [$OUT/other]

        """;

    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void They_run_around_all_and_around_each_source_in_their_order_and_know_what_it_came_to()
    {
        _rig.Configure(All);
        _rig.World.Expect(0, "backup");
        Assert.Equal(["before//", "before/docs/", "on-success/docs/good", "after/docs/good", "on-success//good", "after//good"],
            _rig.Notes);
        Assert.Equal(2, _rig.Snapshots());
    }

    [Fact]
    public void What_they_are_told_is_what_was_saved()
    {
        _rig.Configure("""
            sources:
              - name: docs
                roots: [$OUT/docs]
                hooks:
                  after: ['printf "%s|" "$VARVE_PATH" "$VARVE_REPO" "$VARVE_SNAPSHOT" "$VARVE_FAILURES" "$VARVE_ERROR" >$OUT/notes']
            """);
        _rig.World.Expect(0, "backup");
        string snapshot = System.Text.Json.JsonDocument.Parse(_rig.World.Expect(0, "snapshots", "--json"))
            .RootElement.GetProperty("snapshot").GetString()!;
        Assert.Equal([$"{_rig["docs"]}|{_rig["repository"]}|{snapshot}|0||"], _rig.Notes);
    }

    [Fact]
    public void When_one_before_a_source_fails_that_is_not_saved_and_the_others_are()
    {
        _rig.Configure(All.Replace("hooks: {before: [NOTE], after: [NOTE], on-success: [NOTE], on-failure: [NOTE]}\n  - name: other",
            "hooks: {before: [NOTE, 'exit 7', NOTE], after: [NOTE], on-failure: [NOTE]}\n  - name: other", StringComparison.Ordinal));
        _rig.World.Expect(13, "backup");
        Assert.Contains("exit 7 ended with exit code 7; it is the hook before of 'docs'", _rig.World.Error, StringComparison.Ordinal);
        Assert.Equal(["before//", "before/docs/", "on-failure/docs/prevented", "after/docs/prevented", "on-failure//failed",
            "after//failed"], _rig.Notes);
        Assert.Equal(1, _rig.Snapshots());
    }

    [Fact]
    public void When_one_before_everything_fails_not_even_the_repository_is_opened()
    {
        _rig.Configure("hooks: {before: [NOTE, 'false'], after: [NOTE], on-failure: [NOTE]}\nsources: [{name: docs, roots: [$OUT/docs]}]\n");
        _rig.World.Environment["VARVE_KEY_FILE"] = _rig["nothing"]; // that would end with 12
        _rig.World.Expect(13, "backup");
        Assert.Equal(["before//", "on-failure//prevented", "after//prevented"], _rig.Notes);
    }

    [Fact]
    public void One_that_makes_the_source_makes_it_before_it_is_read()
    {
        _rig.Configure("""
            sources:
              - name: dumps
                roots: [$OUT/dumps]
                hooks: {before: ['mkdir -p $OUT/dumps && echo dumped >$OUT/dumps/it'], after: ['rm -r $OUT/dumps']}
            """);
        _rig.World.Expect(0, "backup");
        Assert.False(Directory.Exists(_rig["dumps"]));
        Assert.Equal("dumped\n", _rig.World.Expect(0, "dump", "latest:it"));
    }

    [Fact]
    public void One_after_it_that_fails_undoes_nothing_and_is_told_by_exit_code_3()
    {
        _rig.Configure("sources: [{name: docs, roots: [$OUT/docs], hooks: {after: ['exit 9', NOTE], on-success: [NOTE]}}]");
        _rig.World.Expect(3, "backup");
        Assert.Contains("exit 9 ended with exit code 9; it is the hook after of 'docs'", _rig.World.Error, StringComparison.Ordinal);
        Assert.Equal(["on-success/docs/good"], _rig.Notes);
        Assert.Equal(1, _rig.Snapshots());
    }

    [Fact]
    public void What_fails_is_told_with_its_error_and_what_is_to_run_afterwards_runs()
    {
        _rig.Configure("""
            hooks: {on-failure: ['echo "$VARVE_RESULT: $VARVE_ERROR" >>$OUT/notes'], after: [NOTE]}
            sources: [{name: gone, roots: [$OUT/gone]}]
            """);
        _rig.World.Expect(1, "backup");
        Assert.Equal(2, _rig.Notes.Length);
        Assert.Matches($"^failed: .*{_rig["gone"]}.*", _rig.Notes[0]);
        Assert.Equal("after//failed", _rig.Notes[1]);
    }

    [Fact]
    public void One_that_takes_too_long_is_ended_with_all_that_it_started()
    {
        _rig.Configure("""
            sources:
              - name: docs
                roots: [$OUT/docs]
                hooks: {before: ['sleep 1000 & echo $! >$OUT/notes; wait'], time-limit: 1s}
            """);
        _rig.World.Expect(13, "backup");
        Assert.Contains("took longer than it may", _rig.World.Error, StringComparison.Ordinal);
        Poll.Until(() => !IsThere(_rig.Notes[0]), "all is ended");
    }

    private static bool IsThere(string pid)
    {
        try { return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal); }
        catch (IOException) { return false; }
    }

    [Theory]
    [InlineData("false | cat")]
    [InlineData("no-such-program")]
    [InlineData("kill -9 $$")]
    public void A_command_fails_as_a_shell_has_it_and_so_does_any_of_a_pipe(string command)
    {
        _rig.Configure($"sources: [{{name: docs, roots: [$OUT/docs], hooks: {{before: ['{command}']}}}}]");
        _rig.World.Expect(13, "backup");
        Assert.Contains(command.Contains("kill", StringComparison.Ordinal) ? "ended by signal 9" : "ended with exit code",
            _rig.World.Error, StringComparison.Ordinal);
        Assert.Equal(0, _rig.Snapshots());
    }

    [Fact]
    public void Whoever_wants_none_has_none_and_a_dry_run_has_none()
    {
        _rig.Configure(All);
        _rig.World.Expect(0, "backup", "--no-hooks");
        _rig.World.Expect(0, "backup", "--dry-run");
        Assert.Empty(_rig.Notes);
    }

    [Fact]
    public void A_path_that_is_typed_has_those_of_all_and_those_of_the_source_that_it_is_as_a_whole()
    {
        _rig.Configure(All.Replace("on-success: [NOTE], ", "", StringComparison.Ordinal));
        Directory.CreateDirectory(_rig["docs/below"]);
        _rig.World.Expect(0, "backup", _rig["docs"]);
        Assert.Equal(["before//", "before/docs/", "after/docs/good", "after//good"], _rig.Notes);
        File.Delete(_rig["notes"]);
        _rig.World.Expect(0, "backup", _rig["docs/below"]);
        Assert.Equal(["before//", "after//good"], _rig.Notes);
    }

    [Fact]
    public void An_archive_has_them_when_it_is_said_whose()
    {
        _rig.Configure(All);
        Directory.CreateDirectory(_rig["archives"]);
        _rig.World.Expect(0, "archive", _rig["docs"], "--to", _rig["archives"]);
        Assert.Empty(_rig.Notes);
        File.WriteAllText(_rig["docs/c"], "c");
        ((FakeTime)_rig.World.Time).Advance(60);
        _rig.World.Expect(0, "archive", "--hooks-of", "docs", _rig["docs"], "--to", _rig["archives"]);
        Assert.Equal(["before//", "before/docs/", "on-success/docs/good", "after/docs/good", "on-success//good", "after//good"],
            _rig.Notes);
    }
}
