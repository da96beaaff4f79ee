using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Varve.Tests.Crash.Thrash;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Crash;

/// <summary>
/// The program itself, many times at once, with all that can befall it. VARVE_TEST_SEED repeats what was decided upon; how fast things go
/// decides too. VARVE_THRASH_MINUTES makes it last.
/// </summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class ThrashTests(ITestOutputHelper output)
{
    private const double Minutes = 2;
    private const int Remembered = 60;

    [Fact]
    public void Whoever_is_killed_stopped_or_told_a_wrong_time_every_snapshot_that_nobody_forgot_restores()
    {
        Assert.SkipUnless(RsyncJudge.IsAvailable, "rsync is not installed");
        Shells.Needs("gcc");
        int seed = Number("VARVE_TEST_SEED") is { } given ? (int)given : Random.Shared.Next();
        double minutes = Number("VARVE_THRASH_MINUTES") ?? Minutes;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var log = new ConcurrentQueue<string>();
        Within.Run(TimeSpan.FromMinutes(minutes + 20), () => Thrash(seed, TimeSpan.FromMinutes(minutes), minutes > Minutes, log),
            () => string.Join('\n', log));
    }

    private void Thrash(int seed, TimeSpan time, bool isLong, ConcurrentQueue<string> log)
    {
        long began = Stopwatch.GetTimestamp();
        using var run = new ThrashRun(seed, line =>
        {
            log.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} {line}"));
            if (log.Count > Remembered) { log.TryDequeue(out _); }
        });
        try
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                run.Round();
                output.WriteLine(run.Figures.ToString());
            }

            run.End();
            output.WriteLine("at the end: " + run.Figures);
        }
        catch (Exception e)
        {
            string kept = "";
            if (isLong)
            {
                kept = Path.Combine(Path.GetTempPath(), "varve-thrash-" + seed.ToString(CultureInfo.InvariantCulture));
                run.Keep(kept);
            }

            throw new InvalidOperationException(
                $"seed {seed}, {run.Figures}, kept: {kept}\n{e.Message}\nbefore that:\n{string.Join('\n', log)}", e);
        }

        // Whether a prune met the dead while its clock was ahead is chance; that prunes come to their end is not.
        Assert.True(run.Figures is { Kills: > 5, Stops: > 0, Shifted: > 5, Prunes: > 0 }, run.Figures.ToString());
    }

    private static double? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
