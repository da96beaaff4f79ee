using System.Text;
using Varve.Model;
using Varve.Store.Remote;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store.Remote;

/// <summary>What answers a line need not be Varve, nor of this version.</summary>
public sealed class GreetingTests
{
    [Theory]
    [InlineData("Welcome to the machine!\n", "it says 'Welcome to the machine!'", Advice.CheckForcedCommand)]
    [InlineData("no line", "it says 'no line'", Advice.CheckForcedCommand)]
    [InlineData("VARVE-STORE 1\n", "it says 'VARVE-STORE 1'", Advice.CheckForcedCommand)]
    [InlineData("VARVE-STORE 2 3 9.0.0\n", "Varve 9.0.0 at there speaks versions 2 to 3 of the protocol, and this one 1", Advice.UpdateHere)]
    [InlineData("VARVE-STORE 0 0 0.0.1\n", "Varve 0.0.1 at there speaks version 0 of the protocol, and this one 1", Advice.UpdateThere)]
    public void What_is_no_server_of_this_version_is_told_at_once(string begun, string what, Advice advice)
    {
        var line = new ServedLine(async there =>
        {
            await there.Output.WriteAsync(Encoding.UTF8.GetBytes(begun));
            there.Dispose();
        });
        VarveException e = Assert.Throws<VarveException>(
            () => RemoteStore.Open(line, "ssh://there/x", null, create: false, TimeProvider.System));
        Assert.Contains(what, e.Message);
        Assert.Equal(advice, e.Advice);
        Assert.Equal(1, line.Opened);
    }

    [Fact]
    public void Garbage_without_an_end_is_told_after_its_first_bytes()
    {
        var line = new ServedLine(async there => await there.Output.WriteAsync(new byte[1 << 20]));
        VarveException e = Assert.Throws<VarveException>(
            () => RemoteStore.Open(line, "ssh://there/x", null, create: false, TimeProvider.System));
        Assert.Equal(Advice.CheckForcedCommand, e.Advice);
    }
}
