using System.Text;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A directory of a snapshot as a tar. GNU tar extracts it, and rsync compares.</summary>
[Trait("Needs", "root")]
public sealed class TarTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void What_tar_extracts_is_what_was_saved()
    {
        string source = _desk.Source();
        Directory.CreateDirectory(source + "/" + new string('d', 120) + "/" + new string('e', 90));
        File.WriteAllText(source + "/" + new string('d', 120) + "/" + new string('e', 90) + "/" + new string('f', 150), "long");
        File.WriteAllText(source + "/" + new string('g', 101), "long name");
        File.CreateSymbolicLink(source + "/far", new string('t', 300));
        ZooPosix.Link(ZooPosix.Path(source + "/report.odt"), ZooPosix.Path(source + "/letters/same"));
        ZooPosix.SetXattr(ZooPosix.Path(source + "/report.odt"), "user.bytes", [0, 255, (byte)'\n', 7]);
        ZooPosix.SetXattr(ZooPosix.Path(source + "/letters"), "user.of-a-directory", Encoding.UTF8.GetBytes("x"));
        ZooPosix.Chown(ZooPosix.Path(source + "/empty"), 3_000_000, 12);
        ZooPosix.Chmod(ZooPosix.Path(source + "/empty"), 0x9C0);
        Programs.Run("mkfifo", source + "/fifo");
        Programs.Run("mknod", source + "/device", "c", "1", "7");
        ZooPosix.WriteSparse(ZooPosix.Path(source + "/sparse"), 5_000_000, (4_000_000, [1, 2, 3]));
        ZooPosix.SetTime(ZooPosix.Path(source + "/sparse"), 1_234_567_890, 123_456_789);
        ZooPosix.SetTime(ZooPosix.Path(source + "/photo.raw"), 86_400, 0);
        _desk.Varve.Succeed("backup", source);
        foreach ((string path, string expected) in (ReadOnlySpan<(string, string)>)[(source, source), ("latest:letters", source + "/letters")])
        {
            byte[] tar = _desk.Varve.Succeed("dump", path).Output;
            File.WriteAllBytes(_desk["tar"], tar);
            string target = Directory.CreateDirectory(_desk["extracted-" + expected.Length]).FullName;
            Programs.Run("tar", "-x", "-p", "--numeric-owner", "--xattrs", "--xattrs-include=*", "-f", _desk["tar"], "-C", target);
            Assert.Equal("", RsyncJudge.Compare(expected, target));
        }
    }

    [Fact]
    public void A_socket_is_told_and_left_out()
    {
        string source = _desk.Source();
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(source + "/socket"));
        _desk.Varve.Succeed("backup", source);
        VarveResult result = _desk.Varve.Run("dump", source).Expect(3);
        Assert.Contains("socket: a tar cannot hold a socket", result.Error, StringComparison.Ordinal);
        File.WriteAllBytes(_desk["tar"], result.Output);
        Assert.DoesNotContain("socket", Programs.Run("tar", "-tf", _desk["tar"]), StringComparison.Ordinal);
    }
}
