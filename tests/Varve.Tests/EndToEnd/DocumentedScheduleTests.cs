using System.Text.RegularExpressions;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>The examples of the manual that run backups by themselves are what systemd and cron read.</summary>
public sealed partial class DocumentedScheduleTests : IDisposable
{
    private static readonly string s_manual = File.ReadAllText(Path.Combine(VarveProcess.Clone, "docs/manual-jobs.md"));
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData("--user")]
    [InlineData("--system")]
    public void Systemd_finds_nothing_wrong_in_the_units(string manager)
    {
        Shells.Needs("systemd-analyze");
        MatchCollection units = Unit().Matches(s_manual);
        Assert.Equal(["varve.service", "varve.timer"], units.Select(static u => u.Groups[1].Value));
        foreach (Match unit in units)
        {
            // It looks whether the program is there.
            File.WriteAllText(Path.Combine(_d.Path, unit.Groups[1].Value),
                unit.Groups[2].Value.Replace("/usr/bin/varve", VarveProcess.Program, StringComparison.Ordinal));
        }

        string said = Programs.Run("bash", "-c",
            $"cd '{_d.Path}' && XDG_RUNTIME_DIR='{_d.Path}' systemd-analyze verify --man=no {manager} ./varve.service ./varve.timer");
        Assert.DoesNotContain(_d.Path, said, StringComparison.Ordinal); // what it ignores it names
        Assert.Matches("Next elapse|Normalized", Programs.Run("systemd-analyze", "calendar", Calendar().Match(s_manual).Groups[1].Value));
    }

    [Fact]
    public void The_line_for_cron_has_five_fields_and_a_command()
    {
        string line = Assert.Single(s_manual.Split("```crontab\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Match parsed = Cron().Match(line);
        Assert.True(parsed.Success, line);
        Assert.InRange(int.Parse(parsed.Groups["minute"].Value), 0, 59);
        Assert.InRange(int.Parse(parsed.Groups["hour"].Value), 0, 23);
        Assert.StartsWith("/usr/bin/varve backup ", parsed.Groups["command"].Value, StringComparison.Ordinal);
        Assert.DoesNotContain('%', parsed.Groups["command"].Value); // cron takes it for the end of the command
        Programs.Run("sh", "-n", "-c", parsed.Groups["command"].Value);
    }

    [GeneratedRegex(@"`(varve\.(?:service|timer))`:\n\n```ini\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Unit();

    [GeneratedRegex("^OnCalendar=(.+)$", RegexOptions.Multiline)]
    private static partial Regex Calendar();

    [GeneratedRegex(@"^(?<minute>\d+) (?<hour>\d+) \* \* \* (?<command>.+)$")]
    private static partial Regex Cron();
}
