using System.Diagnostics;
using System.Globalization;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Crash;

/// <summary>The program itself, ended in the middle of the kernel tree.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class KilledBackupTests(KernelTree kernel)
{
    private const int Kills = 30, MostInARow = 3;

    // By far the most passes are of batches, all over the run.
    private static readonly string[] s_moments = [Gate.Frozen, Gate.BatchRead, Gate.BatchRead, Gate.BatchRead, Gate.PackStored,
        Gate.RunStored, Gate.Checkpointed];

    [Fact]
    public void A_backup_of_the_kernel_tree_killed_at_30_random_moments_loses_nothing() => Within.Run(Within.LongLimit, () =>
    {
        int seed = int.Parse(Environment.GetEnvironmentVariable("VARVE_TEST_SEED")
            ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var random = new Random(seed);
        using var rig = new KernelRig(kernel.Root);
        Dictionary<string, int> times = CountPasses(rig, out long all);
        long sumOfCheckpoints = 0;
        for (int kills = 0; kills < Kills;)
        {
            rig.Reset();
            long checkpointed = 0;
            for (int inARow = 1; inARow <= MostInARow && kills < Kills; inARow++)
            {
                // The last in a row comes right after the run's first checkpoint, which every run makes; the others anywhere.
                string point = inARow == MostInARow ? Gate.Checkpointed : s_moments[random.Next(s_moments.Length)];
                int passed = inARow == MostInARow ? 0 : (int)(times[point] * (1 - checkpointed / (double)all) * random.NextDouble());
                if (Kill(rig, point, passed) is not { } ended) { break; } // fewer came to the point than at first
                string when = $"seed {seed}, kill {++kills}, at '{point}' after {passed} of {times[point]}";
                Assert.Equal(128 + 9, ended.ExitCode);
                long before = checkpointed;
                checkpointed = rig.CheckpointedBytes();
                Assert.True(checkpointed >= before, $"{when}: {checkpointed} bytes checkpointed, {before} before");
                rig.RequireSound(readData: kills % 5 == 0, when);
            }

            sumOfCheckpoints += checkpointed;
            VarveResult last = rig.Complete();
            KernelRig.RequireReadTheRest(last, last.Object.GetProperty("resumed").GetBoolean() ? checkpointed : 0,
                $"seed {seed}, after kill {kills}");
        }

        Assert.True(sumOfCheckpoints > 0, $"seed {seed}: no kill came after a checkpoint");
        rig.RequireSound(readData: true, $"seed {seed}, in the end");
        rig.RequireKernelRestores();
    });

    [Fact]
    public void An_interrupted_backup_makes_a_checkpoint_and_says_which_signal_it_was() => Within.Run(Within.LongLimit, () =>
    {
        using var rig = new KernelRig(kernel.Root);
        long checkpointed = 0;
        foreach (int signal in new[] { Signals.Interrupt, Signals.Terminate })
        {
            VarveResult ended = Interrupt(rig, signal, static () => { });
            Assert.Contains("interrupted", ended.Error, StringComparison.Ordinal);
            long now = rig.CheckpointedBytes();
            Assert.True(now > checkpointed, $"{now} bytes checkpointed, {checkpointed} before");
            checkpointed = now;
            rig.RequireSound(readData: true, $"after signal {signal}");
        }

        KernelRig.RequireReadTheRest(rig.Complete(), checkpointed, "after two signals");
        rig.RequireSound(readData: false, "in the end");
    });

    [Fact]
    public void A_backup_of_a_source_that_another_process_is_backing_up_ends_with_11() => Within.Run(Within.LongLimit, () =>
    {
        using var rig = new KernelRig(kernel.Root);
        VarveResult? second = null;
        Interrupt(rig, Signals.Interrupt, () => second = rig.Run("backup", "--json", kernel.Root));
        Assert.Equal("busy", second!.Expect(11).ErrorObject.GetProperty("kind").GetString());
    });

    /// <summary>Sends a signal to a backup that has just stored its first pack, and lets it go on when it has heard it.</summary>
    private static VarveResult Interrupt(KernelRig rig, int signal, Action meanwhile)
    {
        using var gates = new Gates(Gate.PackStored, Gate.Interrupted);
        using Process process = rig.Start(gates);
        gates.Await(Gate.PackStored, process);
        meanwhile();
        Signals.Send(process, signal);
        gates.Await(Gate.Interrupted, process);
        gates.Open(Gate.Interrupted);
        gates.Open(Gate.PackStored);
        return KernelRig.Finish(process).Expect(128 + signal);
    }

    /// <summary>
    /// Kills a backup when so many have passed a point and the next comes to it, wherever its other threads are; null if none comes, and it
    /// is complete.
    /// </summary>
    private static VarveResult? Kill(KernelRig rig, string point, int passed)
    {
        using var gates = new Gates(point);
        gates.Pass(point, passed);
        using Process process = rig.Start(gates);
        bool came = gates.TryAwait(point, process, passed + 1);
        process.Kill();
        VarveResult ended = KernelRig.Finish(process);
        return came ? ended : null;
    }

    /// <summary>How often a run that nobody kills comes to each point, and how much it saves.</summary>
    private static Dictionary<string, int> CountPasses(KernelRig rig, out long bytes)
    {
        string[] points = [.. s_moments.Distinct()];
        using var gates = new Gates(points);
        foreach (string point in points) { gates.PassAll(point); }
        using Process process = rig.Start(gates);
        bytes = KernelRig.Finish(process).Expect(0).Json[^1].GetProperty("bytes").GetInt64();
        return points.ToDictionary(static p => p, gates.Count);
    }
}
