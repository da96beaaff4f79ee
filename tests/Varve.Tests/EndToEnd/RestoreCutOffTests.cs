using System.Diagnostics;
using System.Text;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The program's restore, killed and interrupted, and what it says of how to go on.</summary>
[Trait("Takes", "minutes")]
public sealed class RestoreCutOffTests : IDisposable
{
    private const int Small = 400, Large = 6;
    private readonly Desk _desk = new();
    private readonly string _source;

    public RestoreCutOffTests()
    {
        _source = _desk["it's the source"];
        Directory.CreateDirectory(System.IO.Path.Combine(_source, "sub"));
        for (int i = 0; i < Small; i++) { File.WriteAllBytes(System.IO.Path.Combine(_source, $"f{i}"), Desk.Bytes(i, 20_000)); }
        for (int i = 0; i < Large; i++) { File.WriteAllBytes(System.IO.Path.Combine(_source, $"sub/large{i}"), Desk.Bytes(100 + i, 3_000_000)); }
        _desk.Varve.Succeed("backup", _source);
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void After_a_kill_the_same_command_completes_the_target()
    {
        string target = _desk["target"];
        using (var gates = new Gates(Gate.BlockWritten))
        {
            using Process process = _desk.Varve.StartHeld(gates, "restore", "--target", target, "--workers", "1");
            gates.Await(Gate.BlockWritten, process);
            while (!Directory.EnumerateFiles(target, "f*").Any())
            {
                gates.Pass(Gate.BlockWritten);
                gates.Await(Gate.BlockWritten, process);
            }

            process.Kill();
            VarveProcess.Finish(process);
        }

        Assert.Single(Directory.EnumerateFiles(target, ".varve-restore-*"));
        foreach (string path in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories))
        {
            string original = System.IO.Path.Combine(_source, System.IO.Path.GetRelativePath(target, path));
            if (File.Exists(original)) { Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(path)); }
        }

        VarveResult again = _desk.Varve.Succeed("restore", "--target", target, "--json");
        Assert.InRange(again.Object.GetProperty("kept").GetInt64(), 1, Small + Large - 1);
        Assert.Empty(TreeCompare.Compare(_source, target));
    }

    [Fact]
    public void An_interrupted_restore_says_that_the_target_is_incomplete_and_which_command_goes_on()
    {
        string target = _desk["the target"];
        VarveResult result;
        using (var gates = new Gates(Gate.BlockWritten, Gate.Interrupted))
        {
            using Process process = _desk.Varve.StartHeld(gates, "restore", "latest", "--workers", "1", "--target", target);
            gates.Await(Gate.BlockWritten, process);
            Signals.Send(process, Signals.Interrupt);
            gates.Await(Gate.Interrupted, process);
            gates.Open(Gate.Interrupted);
            gates.Open(Gate.BlockWritten);
            result = VarveProcess.Finish(process).Expect(130);
        }

        string line = Assert.Single(result.Error.Split('\n'), static l => l.Contains("incomplete", StringComparison.Ordinal));
        Assert.StartsWith($"varve: the target {target} is incomplete; this goes on with it: varve restore ", line, StringComparison.Ordinal);

        // A later snapshot does not mislead it.
        File.WriteAllText(System.IO.Path.Combine(_source, "later"), "later");
        _desk.Varve.Succeed("backup", _source);
        File.Delete(System.IO.Path.Combine(_source, "later"));
        Assert.Contains("was cut off", _desk.Varve.Run("restore", "--target", target).Expect(2).Error, StringComparison.Ordinal);

        string command = line[(line.IndexOf(": varve ", StringComparison.Ordinal) + 8)..];
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec '{VarveProcess.Program}' {command}"]) { RedirectStandardError = true };
        start.Environment["HOME"] = _desk.Varve.Home;
        using Process goingOn = Process.Start(start)!;
        string said = goingOn.StandardError.ReadToEnd();
        goingOn.WaitForExit();
        Assert.True(goingOn.ExitCode == 0, said);
        Assert.DoesNotContain(TreeCompare.Compare(_source, target), static x => !x.StartsWith(".: ", StringComparison.Ordinal));
    }
}
