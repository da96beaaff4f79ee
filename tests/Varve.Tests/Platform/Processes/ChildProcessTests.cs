using System.Globalization;
using System.Text;
using Varve.Platform;
using Varve.Platform.Processes;
using Varve.Tests.Kit;

namespace Varve.Tests.Platform.Processes;

/// <summary>Children of this process, as the daemon starts them.</summary>
public sealed class ChildProcessTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void A_child_has_its_three_descriptors_default_signals_and_a_group_of_its_own()
    {
        using var other = new FileStream(Path.Combine(_d.Path, "other"), FileMode.Create);
        (int code, string said) = Run("ls /proc/self/fd | wc -l; grep -E '^(SigBlk|SigIgn):' /proc/self/status; "
            + "cut -d' ' -f1,5 /proc/$$/stat; cat; echo \"$GIVEN\"; exit 7", "GIVEN=a b");
        string[] lines = said.Split('\n');
        Assert.Equal(7, code);
        Assert.Equal("4", lines[0]); // with the directory that is listed
        // 32 and 33 are the libc's own, which nobody can set.
        Assert.All(lines[1..3], static l => Assert.Equal(0UL,
            ulong.Parse(l.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~0x180000000UL));
        string[] group = lines[3].Split(' ');
        Assert.Equal(group[0], group[1]);
        Assert.Equal("a b", lines[4]);
    }

    [Fact]
    public void How_it_ended_is_counted_as_shells_do() => Assert.Equal(128 + 9, Run("kill -9 $$").Code);

    [Fact]
    public void What_is_no_program_is_an_error() =>
        Assert.Equal(Errno.ENOENT, ChildProcess.Start("/nonexistent/program"u8.ToArray(), [], [], 1, 2, static () => { }, out _));

    [Fact]
    public void A_process_is_told_from_a_later_one_of_its_number()
    {
        var mark = ProcessMark.Of(Environment.ProcessId);
        Assert.True(mark.IsThere);
        Assert.False((mark with { Began = mark.Began + 1 }).IsThere);
        Assert.False((mark with { Boot = "another" }).IsThere);
        Assert.False(default(ProcessMark).IsThere);
    }

    private (int Code, string Said) Run(string script, string variable = "X=1")
    {
        string output = Path.Combine(_d.Path, "output");
        using var ended = new ManualResetEventSlim();
        ChildProcess? child;
        using (var file = new FileStream(output, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            int fd = (int)file.SafeFileHandle.DangerousGetHandle();
            Assert.Equal(0, ChildProcess.Start("/bin/sh"u8.ToArray(), ["-c"u8.ToArray(), Encoding.UTF8.GetBytes(script)],
                ["PATH=/usr/bin:/bin"u8.ToArray(), Encoding.UTF8.GetBytes(variable)], fd, fd, ended.Set, out child));
        }

        Assert.True(ended.Wait(Within.Limit));
        Assert.True(child!.HasEnded);
        child.Signal(9); // nobody's by now
        return (child.ExitCode, File.ReadAllText(output));
    }
}
