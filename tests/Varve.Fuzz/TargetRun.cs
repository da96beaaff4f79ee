using System.Globalization;
using System.Text.RegularExpressions;

namespace Varve.Fuzz;

/// <summary>One target, what is known of it and what has come of it. One thread.</summary>
internal sealed partial class TargetRun
{
    /// <summary>What parsing may allocate: what a buffer of the format takes at most, and so much for each byte of the input.</summary>
    private const long MostAllocated = 64 << 20, MostAllocatedPerByte = 4096;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly IFuzzTarget _target;
    private readonly Corpus _corpus, _failures;
    private readonly List<byte[]> _inputs = [];
    private readonly HashSet<string> _reasons = [];
    private readonly Coverage _coverage = new();
    private readonly Mutator _mutator;

    internal TargetRun(IFuzzTarget target, FuzzOptions options)
    {
        _target = target;
        _corpus = new Corpus(Path.Combine(options.Place, "corpus", target.Name));
        _failures = new Corpus(Path.Combine(options.Place, "failures", target.Name));
        _mutator = new Mutator(new Random(options.Seed), target.Words);
    }

    internal string Name => _target.Name;

    internal long Inputs { get; private set; }

    internal double Seconds { get; private set; }

    internal int Branches => _coverage.Branches;

    internal int Kept => _inputs.Count;

    internal int Failures => _reasons.Count;

    /// <summary>Runs what is known: seeds, corpus, and every input that ever failed.</summary>
    internal void Replay()
    {
        foreach (byte[] input in (IEnumerable<byte[]>)[.. _target.Seeds(), .. _corpus.Load(), .. _failures.Load()]) { Try(input); }
        if (_inputs.Count == 0) { _inputs.Add([]); }
    }

    /// <summary>Runs new inputs for so many seconds of processor time.</summary>
    internal void Fuzz(double seconds)
    {
        using var watch = new Watch(_target.Name);
        TimeSpan began = Environment.CpuUsage.TotalTime;
        double done = 0;
        while (done < seconds)
        {
            for (int i = 0; i < 100; i++)
            {
                byte[] input = _mutator.Next(_inputs);
                watch.Begin(input);
                Try(input);
                watch.End();
            }

            done = (Environment.CpuUsage.TotalTime - began).TotalSeconds;
        }

        Seconds += done;
    }

    /// <summary>Puts into the corpus as few inputs as take all the branches, the shortest first.</summary>
    internal void Keep()
    {
        var all = new Coverage();
        List<byte[]> kept = [];
        foreach (byte[] input in _inputs.OrderBy(static i => i.Length))
        {
            Coverage.Reset();
            Thrown(_target, input);
            if (all.IsNew()) { kept.Add(input); }
        }

        _corpus.Replace(kept);
    }

    /// <summary>What an input brings about that a parser may not; null for none.</summary>
    internal static Exception? Thrown(IFuzzTarget target, byte[] input)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan began = Environment.CpuUsage.TotalTime;
        try { target.Run(input); }
        catch (VarveException)
        {
            // As it should.
        }
#pragma warning disable CA1031 // whatever it is, it is what is looked for
        catch (Exception e) { return e; }
#pragma warning restore CA1031
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (allocated > MostAllocated + (input.Length * MostAllocatedPerByte))
        {
            return new FuzzException($"{input.Length} bytes made it allocate {allocated}");
        }

        TimeSpan took = Environment.CpuUsage.TotalTime - began;
        return took > s_longest
            ? new FuzzException(string.Create(CultureInfo.InvariantCulture, $"{input.Length} bytes took {took.TotalSeconds:0.0} s")) : null;
    }

    [GeneratedRegex("[0-9.]+")]
    private static partial Regex Digits();

    private void Try(byte[] input)
    {
        Coverage.Reset();
        Exception? thrown = Thrown(_target, input);
        Inputs++;
        if (thrown is not null)
        {
            // One input for each place that fails.
            string? reason = thrown is FuzzException ? Digits().Replace(thrown.Message, "") : thrown.StackTrace?.Split('\n').FirstOrDefault();
            if (_reasons.Add(thrown.GetType().Name + reason)) { Console.WriteLine($"{_target.Name}: {_failures.Add(input)}: {thrown}"); }
        }
        else if (_coverage.IsNew()) { _inputs.Add(input); }
    }
}
