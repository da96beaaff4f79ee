using System.Diagnostics;
using System.Globalization;
using Varve.Tests.EndToEnd;
using Varve.Tests.Support;

namespace Varve.Tests.Crash;

/// <summary>The program itself, ended in the middle of the kernel tree.</summary>
public sealed class KilledBackupTests(KernelTree kernel)
{
    private const int Kills = 30, MostInARow = 3;

    [Fact]
    public void A_backup_of_the_kernel_tree_killed_at_30_random_moments_loses_nothing() => Within.Run(Within.LongLimit, () =>
    {
        int seed = int.Parse(Environment.GetEnvironmentVariable("VARVE_TEST_SEED") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var random = new Random(seed);
        using var rig = new KernelRig(kernel.Root);
        long began = Stopwatch.GetTimestamp();
        long all = rig.Complete().Object.GetProperty("bytes").GetInt64();
        TimeSpan whole = Stopwatch.GetElapsedTime(began);
        long sumOfCheckpoints = 0;
        for (int kills = 0; kills < Kills;)
        {
            rig.Reset();
            long checkpointed = 0;
            for (int inARow = 0; inARow < MostInARow && kills < Kills; inARow++)
            {
                TimeSpan moment = whole * (1 - checkpointed / (double)all) * random.NextDouble();
                using Process process = rig.Start();
                bool completed = process.WaitForExit(moment);
                process.Kill();
                VarveResult ended = KernelRig.Finish(process);
                if (completed || ended.ExitCode == 0) { break; } // faster than it was before
                string when = $"seed {seed}, kill {++kills}, after {moment.TotalSeconds:F3} s of {whole.TotalSeconds:F3}";
                Assert.Equal(128 + 9, ended.ExitCode);
                long before = checkpointed;
                checkpointed = rig.CheckpointedBytes();
                Assert.True(checkpointed >= before, $"{when}: {checkpointed} bytes checkpointed, {before} before");
                rig.RequireSound(readData: kills % 5 == 0, when);
            }

            sumOfCheckpoints += checkpointed;
            VarveResult last = rig.Complete();
            KernelRig.RequireReadTheRest(last, last.Object.GetProperty("resumed").GetBoolean() ? checkpointed : 0, $"seed {seed}, after kill {kills}");
        }

        Assert.True(sumOfCheckpoints > 0, $"seed {seed}: no kill came after a checkpoint");
        rig.RequireSound(readData: true, $"seed {seed}, in the end");
        rig.RequireKernelRestores();
    });

    [Fact]
    public void An_interrupted_backup_makes_a_checkpoint_and_ends_with_130() => Within.Run(Within.LongLimit, () =>
    {
        using var rig = new KernelRig(kernel.Root);
        long checkpointed = 0;
        foreach (int signal in new[] { Signals.Interrupt, Signals.Terminate })
        {
            int packs = Packs(rig);
            using Process process = rig.Start();
            while (!process.HasExited && Packs(rig) < packs + 2) { Thread.Sleep(10); }
            Signals.Send(process, signal);
            VarveResult ended = KernelRig.Finish(process).Expect(130);
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
        using Process first = rig.Start();
        while (!first.HasExited && Packs(rig) < 1) { Thread.Sleep(10); }
        Signals.Send(first, Signals.Stop);
        VarveResult second = rig.Run("backup", "--json", kernel.Root);
        Signals.Send(first, Signals.Continue);
        Signals.Send(first, Signals.Interrupt);
        KernelRig.Finish(first).Expect(130);
        Assert.Equal("busy", second.Expect(11).ErrorObject.GetProperty("kind").GetString());
    });

    // The small snapshot has packs of its own.
    private static int Packs(KernelRig rig) =>
        Directory.EnumerateFiles(rig["repository/packs"], "*", SearchOption.AllDirectories).Count() - Directory.EnumerateFiles(rig["repository-at-start/packs"], "*", SearchOption.AllDirectories).Count();
}
