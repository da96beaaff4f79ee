using System.Text;
using Varve.App.Daemon.Watch;
using Varve.App.Settings.Configuration;

namespace Varve.Tests.App.Daemon;

/// <summary>What list and configuration come to.</summary>
public sealed class JobPlanTests
{
    [Fact]
    public void What_the_configuration_says_of_a_source_goes_before_the_list()
    {
        IReadOnlyList<Job> jobs = Plan("""
            every: 2h
            sources:
            - {name: docs, roots: [/home/me/docs], every: 15m, to: /mnt/r}
            - {name: photos, roots: [/srv/photos]}
            """, Listed("docs", "/elsewhere"), Listed("pictures", "/srv/photos"), Listed("mail", "/var/mail"));
        Assert.Equal([("docs", "every 15m", true), ("photos", "every 2h", true), ("mail", "every 1h", false)],
            jobs.Select(static j => (j.Name, j.ScheduleText, j.IsConfigured)));
        Assert.Equal(["backup", "--json", "--repo=/mnt/r", "--skip-if-unchanged", "--progress", "--source=docs"], jobs[0].Words);
        Assert.Equal(["backup", "--json", "--skip-if-unchanged", "--progress", "--source=mail", "--", "/var/mail"], jobs[2].Words);
    }

    [Fact]
    public void What_the_configuration_gives_no_time_is_left_alone_unless_it_is_on_the_list()
    {
        const string Text = "sources:\n- {name: docs, roots: [/d]}\n- {name: other, roots: [/o]}\n";
        Assert.Empty(Plan(Text));
        Job job = Assert.Single(Plan(Text, Listed("docs", "/d")));
        Assert.Equal(("docs", "every 1h"), (job.Name, job.ScheduleText));
        Assert.DoesNotContain("/d", job.Words); // as the configuration has it
    }

    [Fact]
    public void Archives_have_a_directory_for_each_source_and_the_rules_of_the_configuration()
    {
        Job job = Assert.Single(Plan("""
            exclude: ['*.tmp']
            sources:
            - {name: docs, roots: [/d], cron: '0 3 * * *', archive: /mnt/a, keep: 3, exclude: ['x/'], include: ['x/y'], one-file-system: true}
            """));
        Assert.Equal(["archive", "--json", "--to=/mnt/a/docs", "--keep=3", "--exclude=*.tmp", "--exclude=x/", "--exclude=!x/y",
            "--one-file-system", "--", "/d"], job.Words);
        Assert.Equal(JobKind.Archive, job.Kind);
    }

    [Theory]
    [InlineData("", 48)]
    [InlineData("alert-after: 1d\n", 48)]
    [InlineData("alert-after: 1d\nsources:\n- {name: docs, roots: [/d]}\n", 48)]
    [InlineData("alert-after: 1d\nsources:\n- {name: docs, roots: [/d], alert-after: 3d}\n", 72)]
    public void How_old_a_backup_may_become_can_be_said_with_the_list(string configuration, int hours)
    {
        WatchedSource listed = Listed("docs", "/d") with { AlertAfter = TimeSpan.FromDays(2) };
        Assert.Equal(TimeSpan.FromHours(hours), Assert.Single(Plan(configuration, listed)).AlertAfter);
    }

    [Fact]
    public void Whatever_the_configuration_leaves_out_is_left_out_of_archives()
    {
        Job job = Assert.Single(Plan("""
            exclude-caches: true
            exclude-if-present: [.nobackup]
            sources:
            - name: docs
              roots: [/d]
              every: 1h
              archive: /mnt/a
              exclude-larger-than: 1M
              exclude-older-than: 2y
              exclude-newer-than: 2030-01-01
              exclude-nodump: true
              exclude-if-xattr: [user.skip=1]
              exclude-fs-type: [nfs4]
              ignore-file: [.varveignore]
            """));
        Assert.Equal(["archive", "--json", "--to=/mnt/a/docs", "--exclude-caches", "--exclude-nodump", "--exclude-larger-than=1048576",
            "--exclude-older-than=2y", "--exclude-newer-than=2030-01-01", "--exclude-if-present=.nobackup", "--exclude-if-xattr=user.skip=1",
            "--exclude-fs-type=nfs4", "--ignore-file=.varveignore", "--", "/d"], job.Words);
        Assert.Null(job.Wrong);
    }

    [Fact]
    public void A_source_on_the_list_makes_no_archives_by_what_they_cannot_heed()
    {
        WatchedSource listed = Listed("docs", "/d") with { Target = new TargetConfig { Archive = "/mnt/a" } };
        Assert.Null(Assert.Single(Plan("exclude: ['*.o']\n", listed)).Wrong);
        Job refused = Assert.Single(Plan("group: ['*.a,*.b']\n", listed));
        Assert.Contains("'group'", refused.Wrong!.Message, StringComparison.Ordinal);
        Assert.Null(refused.Schedule); // so it never comes
    }

    [Fact]
    public void What_looks_after_repositories_is_done_in_each_that_is_backed_up_to()
    {
        IReadOnlyList<Job> jobs = Plan("""
            repositories: [{name: disk, address: /mnt/r}]
            daemon: {prune: {every: 7d}, check: {cron: '@daily', all-data-in: 30d}}
            sources:
            - {name: a, roots: [/a], every: 1h, to: disk}
            - {name: b, roots: [/b], every: 1h}
            - {name: c, roots: [/c], every: 1h, to: disk}
            - {name: d, roots: [/d], every: 1h, archive: /x}
            """);
        Assert.Equal(["prune:disk", "check:disk", "prune", "check"], jobs.Where(static j => !j.IsSource).Select(static j => j.Name));
        Assert.Equal(["check", "--json", "--repo=disk"], jobs.Single(static j => j.Name == "check:disk").Words);
        Assert.Equal(jobs.Single(static j => j.Name == "a").Lane, jobs.Single(static j => j.Name == "prune:disk").Lane);
    }

    [Fact]
    public void What_was_said_to_the_daemon_holds_for_its_runs()
    {
        var line = new JobLine(["--config=/c.yaml", "--key-file=/k"], "/r");
        IReadOnlyList<Job> jobs = new JobPlan(null, [Listed("a", "/a")], line).Make();
        Assert.Equal(["backup", "--config=/c.yaml", "--key-file=/k", "--json", "--repo=/r"], jobs[0].Words.Take(5));
    }

    [Theory]
    [InlineData("every: 5\n", 1, "wants a duration")]
    [InlineData("every: 1h\ncron: '@daily'\n", 2, "either 'every' or 'cron'")]
    [InlineData("window: 25:00-26:00\n", 1, "not of the form")]
    [InlineData("sources:\n- name: a\n  roots: [/a]\n  keep: 3\n", 4, "of archives")]
    [InlineData("sources:\n- name: a\n  roots: [/a]\n  to: /r\n  archive: /x\n", 5, "'to' or 'archive'")]
    [InlineData("sources:\n- name: a\n  roots: [/a]\n  archive: /x\n  group: ['*.a,*.b']\n", 2, "'group' does not hold for archives")]
    [InlineData("map: [/a=/b]\nsources:\n- name: a\n  roots: [/a]\n  archive: /x\n", 3, "'map' does not hold for archives")]
    [InlineData("sources:\n- name: a\n  roots: [/a]\n  archive: /x\n  fs-snapshot: auto\n", 2, "'fs-snapshot' does not hold")]
    [InlineData("sources:\n- name: a\n  roots: [/a]\n  archive: /x\n  as: /b\n", 5, "'as' is of backups")]
    [InlineData("sources:\n- name: a\n  archive: /x\n  roots:\n  - {path: /a}\n  - {path: /c, as: /a/c}\n", 6, "'as' is of backups")]
    [InlineData("sources:\n- name: a\n  roots: [/a]\n  to: nothing\n", 4, "there is no repository named")]
    [InlineData("daemon: {forget: {window: 01:00-02:00}}\n", 1, "needs 'every' or 'cron'")]
    [InlineData("daemon:\n  on-battery: maybe\n", 2, "run or wait")]
    public void What_is_wrong_is_named_with_its_place(string text, int line, string what)
    {
        VarveException? error = null;
        try { error = ConfigParser.Parse("c.yaml", text).Wrong.Select(static w => w.Error).FirstOrDefault(); }
        catch (VarveException e) { error = e; }

        Assert.NotNull(error);
        Assert.Equal(line, error.Subject.Line);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cron_expression_that_makes_no_sense_is_named_with_its_place_by_what_goes_by_it()
    {
        Job job = Assert.Single(Plan("sources:\n- name: a\n  roots: [/a]\n  cron: '61 * * * *'\n"));
        Assert.Null(job.Schedule);
        Assert.Equal((4L, true), (job.Wrong!.Subject.Line, job.Wrong.Subject.Column > 0));
    }

    private static IReadOnlyList<Job> Plan(string configuration, params WatchedSource[] list) =>
        new JobPlan(ConfigParser.Parse("c.yaml", configuration), list, new JobLine([], null)).Make();

    private static WatchedSource Listed(string name, string path) => new()
    {
        Name = name, Path = Encoding.UTF8.GetBytes(path), Target = new TargetConfig(),
        Schedule = new ScheduleConfig { Every = TimeSpan.FromHours(1) },
    };
}
