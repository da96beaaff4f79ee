using System.Globalization;

namespace Varve.Tests.Kit.Processes;

public sealed class DefaultSignalsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("trap '' HUP INT QUIT TERM;")] // nohup, and a background job of a shell
    public void A_program_that_a_test_starts_ignores_no_signal_whatever_its_parent_ignores(string parent)
    {
        string line = parent + " /bin/bash -c '" + VarveProcess.Become + "grep SigIgn /proc/self/status'";
        string ignored = Programs.Run("/bin/bash", "-c", line).Split(':')[1].Trim();
        Assert.Equal(0UL, ulong.Parse(ignored, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
