using System.Diagnostics;
using Varve.Platform;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The program without some of its standard streams, or with one that nobody reads.</summary>
public sealed class StandardStreamTests : IDisposable
{
    // Descriptor 9 is a pipe whose reader has gone.
    private const string Broken = "exec 9> >(exec 0<&-); wait $!; ";

    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- 2>&-")]
    [InlineData(">&- 2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void Started_without_some_of_its_streams_it_does_its_work_and_no_message_lands_in_a_file(string how)
    {
        string source = _desk.Source();
        _desk.Varve.Succeed("init");
        var without = new VarveProcess(_desk["home"]) { Redirections = how };
        VarveResult result = without.Run("backup", _desk["no-such-source"], source).Expect(1);
        Assert.Equal(how.Contains("2>", StringComparison.Ordinal), result.Error.Length == 0);
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
        _desk.Varve.Succeed("check", "--read-data");
        without.Run("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
        foreach (string file in Directory.EnumerateFiles(_desk["home"], "*", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(file);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("varve: cannot"u8));
            Assert.Equal(-1, bytes.AsSpan().IndexOf("Snapshot "u8));
        }
    }

    [Fact]
    public void Output_that_cannot_be_written_ends_with_1_and_one_whose_reader_has_gone_does_not()
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        VarveResult closed = new VarveProcess(_desk["home"]) { Redirections = ">&-" }.Run("ls", "-R").Expect(1);
        Assert.Contains("cannot write to standard output: it is closed", closed.Error, StringComparison.Ordinal);
        VarveResult full = new VarveProcess(_desk["home"]) { Redirections = ">/dev/full" }.Run("ls", "-R").Expect(1);
        Assert.Contains("no space left", full.Error, StringComparison.Ordinal);
        var broken = new VarveProcess(_desk["home"]) { Before = Broken, Redirections = ">&9" };
        Assert.Matches("^varve: snapshot [^\n]*\n$", broken.Run("ls", "-R").Expect(0).Error);
        Assert.Matches("^varve: snapshot [^\n]*\n$", broken.Run("dump", "latest:photo.raw").Expect(0).Error);
    }

    [Theory]
    [InlineData(">/dev/full", 1)]
    [InlineData(">&9", 1)]
    [InlineData(">&-", 1)]
    public void A_report_that_nobody_gets_keeps_no_later_source_from_being_saved_and_hides_no_failure(string how, int exitCode)
    {
        string first = _desk["first"], second = _desk.Source();
        Directory.CreateDirectory(first);
        _desk.Varve.Succeed("init");
        var unread = new VarveProcess(_desk["home"]) { Before = Broken, Redirections = how };
        VarveResult result = unread.Run("backup", first, _desk["nowhere"], second).Expect(exitCode);
        Assert.Contains("nowhere", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, _desk.Varve.Succeed("snapshots", "--json").Json.Count);
    }

    [Fact]
    public void A_pipe_that_does_not_block_is_waited_for()
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        const string NonBlocking = "python3 -c 'import fcntl,os;fcntl.fcntl(1,fcntl.F_SETFL,fcntl.fcntl(1,fcntl.F_GETFL)|os.O_NONBLOCK)'; ";
        VarveResult dump = new VarveProcess(_desk["home"]) { Before = NonBlocking }.Run("dump", "latest:photo.raw").Expect(0);
        Assert.Equal(File.ReadAllBytes(_desk["Documents/photo.raw"]), dump.Output);
    }

    [Fact]
    public void The_published_program_opens_no_socket_for_diagnostics()
    {
        Assert.SkipUnless(VarveProcess.IsPublished, "the program is not the published one");
        Directory.CreateDirectory(_desk["tmp"]);
        _desk.Varve.Environment["TMPDIR"] = _desk["tmp"];
        _desk.Varve.Succeed("init");
        using var gates = new Gates(Gate.Frozen);
        using Process held = _desk.Varve.StartHeld(gates, "backup", _desk.Source());
        gates.Await(Gate.Frozen, held);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk["tmp"]));
        Assert.DoesNotContain(Directory.EnumerateFiles($"/proc/{held.Id}/fd"),
            static fd => new FileInfo(fd).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
        gates.Open(Gate.Frozen);
        VarveProcess.Finish(held).Expect(0);
    }
}
