using System.Diagnostics;
using System.Globalization;
using Varve.Platform;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.App.Daemon.Changes;

/// <summary>
/// Trees that are changed at random while they are watched. What each run makes, which looks only where something happened, is what one
/// makes that looks at everything. For a minute; <c>VARVE_WATCH_MINUTES=240</c> takes four hours. <c>VARVE_TEST_SEED</c> repeats a tree.
/// </summary>
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class WatchedStressTests
{
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_is_done_to_a_tree_is_in_the_next_snapshot(bool mounts)
    {
        Assert.SkipUnless(Posix.EffectiveUser() == 0, "Needs root");
        TimeSpan time = Environment.GetEnvironmentVariable("VARVE_WATCH_MINUTES") is { } minutes
            ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) / 2 : s_usual;
        long began = Stopwatch.GetTimestamp();
        int? said = Environment.GetEnvironmentVariable("VARVE_TEST_SEED") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        int trees = 0, runs = 0, parts = 0;
        do
        {
            int seed = said ?? Random.Shared.Next();
            Run(seed, mounts, ref runs, ref parts);
            trees++;
        }
        while (said is null && Stopwatch.GetElapsedTime(began) < time);

        TestContext.Current.TestOutputHelper?.WriteLine($"{trees} trees, {runs} runs, {parts} of them looked at a part");
        Assert.True(mounts || parts * 2 > runs, $"only {parts} of {runs} runs looked at a part");
    }

    private static void Run(int seed, bool mounts, ref int runs, ref int parts)
    {
        using var tree = new WatchedTree();
        using var deeds = new RandomDeed(tree.Root, tree.Outside, seed) { Mounts = mounts };
        var random = new Random(seed);
        for (int i = 0; i < 60; i++) { deeds.Do(); }
        FileClock.Settle();
        tree.Run();
        for (int round = 0; round < 12; round++)
        {
            for (int i = random.Next(1, 25); i > 0; i--) { deeds.Do(); }
            bool isBusy = random.Next(4) == 0, fails = random.Next(5) == 0;
            if (isBusy)
            {
                var other = new Thread(() => { for (int i = 0; i < 200; i++) { deeds.Do(); } });
                other.Start();
                tree.Run(fails: fails);
                other.Join();
            }

            FileClock.Settle();
            if (fails) { tree.Run(fails: true); }
            tree.Run();
            runs++;
            if (tree.WhyAll is null) { parts++; }
            tree.Judge($"seed {seed}, round {round}{(mounts ? ", with mounts" : "")}");
            FileClock.Settle();
        }
    }
}
