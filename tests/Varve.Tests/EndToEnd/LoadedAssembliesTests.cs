using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>What a start does not pay for: short commands load nothing of networks, and nothing of calendars.</summary>
public sealed class LoadedAssembliesTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData("version")]
    [InlineData("init")]
    [InlineData("backup")]
    [InlineData("snapshots")]
    [InlineData("config check", "Cronos.dll")] // which it asks whether expressions make sense
    public void Short_commands_load_neither_http_nor_sockets_nor_cron(string command, string? allowed = null)
    {
        Shells.Needs("strace");
        File.WriteAllText(Path.Combine(_d.Path, "config.yaml"), $"""
            hooks: @before: ['true']!
            notify: [@webhook: 'https://example.org/hook'!]
            every: 1h
            sources: [@name: a, roots: [{_d.Path}/a], ping: 'https://example.org/ping'!]
            """.Replace('@', '{').Replace('!', '}'));
        Directory.CreateDirectory(Path.Combine(_d.Path, "a"));
        string program = Path.Combine(VarveProcess.Clone, "src/Varve.App/bin/Debug/net10.0/varve.dll"), log = Path.Combine(_d.Path, "log");
        const string Variables = "VARVE_PASSWORD=x VARVE_REPO=\"$0/r\" VARVE_CACHE_DIR=\"$0/c\" VARVE_CONFIG=\"$0/config.yaml\"";
        string first = command is "init" or "version" ? "true" : $"{Variables} dotnet '{program}' init >&2";
        Programs.Run("bash", "-c", $"{first}; {Variables} strace -f -qq -e trace=openat -o '{log}' dotnet '{program}' {command}", _d.Path);
        string[] loaded = [.. File.ReadLines(log).Where(static l => l.Contains(".dll\"", StringComparison.Ordinal) && !l.Contains("ENOENT"))
            .Select(static l => Path.GetFileName(l.Split('"')[1])).Distinct()];
        Assert.Contains("varve.dll", loaded);
        Assert.Equal([], loaded.Intersect(["System.Net.Http.dll", "System.Net.Sockets.dll", "System.Net.Security.dll", "Cronos.dll"])
            .Where(l => l != allowed));
    }
}
