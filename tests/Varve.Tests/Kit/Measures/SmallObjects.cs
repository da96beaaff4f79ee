using System.Diagnostics.Tracing;

namespace Varve.Tests.Kit.Measures;

/// <summary>
/// Counts what the whole process allocates in small objects, by what the runtime itself reports at every 100 KB. Buffers of 85 KB and more
/// are left out: pools and caches grow up to their bounds in those, by leaps that would hide an object for each file. For tests that run
/// alone (<see cref="Counting"/>).
/// </summary>
internal sealed class SmallObjects : EventListener
{
    private const EventKeywords Collector = (EventKeywords)1;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly ManualResetEventSlim _marked = new();
    private long _bytes;
    private volatile int _marks;
    private volatile bool _counting;

    private sealed class Mark
    {
        internal long Number;
    }

    /// <summary>Bytes in small objects while <paramref name="work"/> runs, give or take 100 KB.</summary>
    internal static long During(Action work)
    {
        using var listener = new SmallObjects();
        listener.MarkTime();
        listener._counting = true;
        work();
        listener.MarkTime();
        return Interlocked.Read(ref listener._bytes);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") { EnableEvents(eventSource, EventLevel.Verbose, Collector); }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true
            || eventData.Payload is not { Count: > 5 } payload)
        {
            return;
        }
        if (payload[5] is string type && type.EndsWith(nameof(Mark), StringComparison.Ordinal)) { _marked.Set(); }
        else if (_counting && Convert.ToInt32(payload[1], null) == 0) { Interlocked.Add(ref _bytes, Convert.ToInt64(payload[3], null)); }
    }

    /// <summary>Events come late, but in order: when one tells of a mark, all before it have come.</summary>
    private void MarkTime()
    {
        _marked.Reset();
        for (int i = 0; i < 20_000; i++)
        {
            var mark = new Mark { Number = i };
            _marks += (int)mark.Number & 1;
        }

        Assert.True(_marked.Wait(s_patience), "the runtime reports no allocations");
    }
}
