using System.Globalization;
using Varve.Fuzz.Targets;

namespace Varve.Fuzz;

/// <summary>Runs targets in turn until the processor time is used up.</summary>
internal static class Campaign
{
    private const double Slice = 1;

    /// <summary>Fuzzes; 1 if an input failed, 2 if the assemblies are not marked.</summary>
    internal static int Run(FuzzOptions options)
    {
        List<TargetRun> runs = [.. FuzzTargets.All().Where(t => options.Targets.Count == 0 || options.Targets.Contains(t.Name))
            .Select(t => new TargetRun(t, options))];
        if (runs.Count == 0) { throw new ArgumentException("there are: " + string.Join(' ', FuzzTargets.All().Select(static t => t.Name))); }
        foreach (TargetRun run in runs) { run.Replay(); }
        double each = options.Seconds / runs.Count;
        for (double done = 0; done < each; done += Slice)
        {
            foreach (TargetRun run in runs) { run.Fuzz(Math.Min(Slice, each - done)); }
        }

        foreach (TargetRun run in runs)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{run.Name,-14} {run.Inputs,10} inputs {run.Seconds,8:0.0} s {run.Branches,6} branches {run.Kept,5} kept "
                + $"{run.Failures,3} failed"));
            if (options.Keep) { run.Keep(); }
        }

        if (runs.Exists(static r => r.Failures > 0)) { return 1; }
        return runs.TrueForAll(static r => r.Branches > 0) ? 0 : 2;
    }

    /// <summary>Runs single inputs and shows what comes of them.</summary>
    internal static int Try(string name, string[] files)
    {
        IFuzzTarget target = FuzzTargets.All().First(t => t.Name == name);
        foreach (string file in files)
        {
            Exception? thrown = TargetRun.Thrown(target, File.ReadAllBytes(file));
            Console.WriteLine($"{file}: {thrown?.ToString() ?? "accepted"}");
        }

        return 0;
    }

    /// <summary>One target with inputs from afl-fuzz, which takes what is thrown for a crash.</summary>
    internal static int UnderAfl(string name)
    {
        IFuzzTarget target = FuzzTargets.All().First(t => t.Name == name);
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            try { target.Run(input.ToArray()); }
            catch (VarveException)
            {
                // As it should.
            }
        });
        return 0;
    }
}
