using System.Text.Json;
using Varve.App.Output;
using Varve.App.Serve.Network;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Serve.Network;

/// <summary>The log of a server's requests.</summary>
public sealed class AccessLogTests
{
    [Fact]
    public void A_reader_that_stops_reading_holds_up_no_request_and_is_told_how_much_he_missed()
    {
        using var output = new SlowStream();
        using var log = new AccessLog(new TextOutput(output), TimeProvider.System);
        const int Many = AccessLog.MostWaiting * 2;
        Within.Run(() =>
        {
            for (int i = 0; i < Many; i++) { Write(log, $"/it/{i}"); }
        });
        output.Go.Set();
        log.Dispose();
        Write(log, "/too/late");
        JsonElement[] lines = [.. System.Text.Encoding.UTF8.GetString(output.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonDocument.Parse(l).RootElement)];
        int[] told = [.. lines.Where(static l => l.TryGetProperty("path", out _)).Select(static l =>
            int.Parse(l.GetProperty("path").GetString()!["/it/".Length..], System.Globalization.CultureInfo.InvariantCulture))];
        long leftOut = lines.Where(static l => l.TryGetProperty("left_out", out _)).Sum(static l => l.GetProperty("left_out").GetInt64());
        Assert.Equal(told.Order(), told);
        Assert.InRange(told.Length, AccessLog.MostWaiting, Many - 1);
        Assert.Equal(Many, told.Length + leftOut);
    }

    private static void Write(AccessLog log, string path) =>
        log.Write("machine", "127.0.0.1", "GET", path, 200, 0, 0, TimeSpan.FromMilliseconds(1));

    /// <summary>Takes nothing until it is told to.</summary>
    private sealed class SlowStream : MemoryStream
    {
        internal ManualResetEventSlim Go { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Go.Wait();
            base.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            Go.Dispose();
            base.Dispose(disposing);
        }
    }
}
