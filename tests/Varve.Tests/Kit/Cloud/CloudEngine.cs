using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Kit.Cloud;

/// <summary>
/// A real engine of object storage on loopback that speaks the protocol of S3, one of a kind for all tests of this process. It ends with
/// the process, however that ends. Needs root. Thread-safe.
/// </summary>
internal sealed class CloudEngine
{
    private const int Ports = 50;

    private static readonly Lazy<CloudEngine> s_ceph = new(static () => new CloudEngine("ceph", "VARVEACCESS", "/usr/bin/radosgw"));
    private static readonly Lazy<CloudEngine> s_swift = new(static () => new CloudEngine("swift", "varve:varve", "/usr/bin/swift-proxy-server"));

    private readonly Process _process;
    private readonly string _place;
    private int _buckets;

    private CloudEngine(string name, string access, string program)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is not installed");
        Access = access;
        string place = Directory.CreateTempSubdirectory($"varve-{name}-").FullName;
        _place = place;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
        Port = FreePorts();
        string script = Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/Kit/Cloud", name + "-up");
        _process = Process.Start(new ProcessStartInfo("unshare",
            ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", script, place, Port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        string? said = _process.StandardOutput.ReadLine();
        Assert.True(said == "ready", said == "ready" ? "" : $"{name} does not start: {errors.Result}");
    }

    /// <summary>One node of Ceph.</summary>
    internal static CloudEngine Ceph => s_ceph.Value;

    /// <summary>Swift.</summary>
    internal static CloudEngine Swift => s_swift.Value;

    /// <summary>The access key; the secret one is <see cref="Secret"/>.</summary>
    internal string Access { get; }

    internal const string Secret = "VARVESECRET";

    internal int Port { get; }

    /// <summary>An address in a bucket that nobody else uses and that is not there yet.</summary>
    internal string NewAddress() => string.Create(CultureInfo.InvariantCulture,
        $"s3://varve-{Environment.ProcessId}-{Interlocked.Increment(ref _buckets)}/back%20ups/one?endpoint=http://127.0.0.1:{Port}");

    /// <summary>Ends those that run; nobody uses them any more.</summary>
    internal static void EndAll()
    {
        if (s_ceph.IsValueCreated) { Ceph.End(); }
        if (s_swift.IsValueCreated) { Swift.End(); }
    }

    /// <summary>All that it started is in a process namespace, and ends with its first process.</summary>
    private void End()
    {
        lock (_process)
        {
            if (!Directory.Exists(_place)) { return; }
            _process.StandardInput.Close(); // the script waits for that
            if (!_process.WaitForExit(TimeSpan.FromSeconds(20))) { _process.Kill(); }
            Directory.Delete(_place, recursive: true);
        }
    }

    private static int FreePorts()
    {
        for (int tries = 0; ; tries++)
        {
            int first = 20_000 + Random.Shared.Next(200) * Ports;
            try
            {
                for (int i = 0; i < Ports; i++)
                {
                    using var listener = new TcpListener(System.Net.IPAddress.Loopback, first + i);
                    listener.Start();
                }

                return first;
            }
            catch (SocketException) when (tries < 100) { /* others */ }
        }
    }
}
