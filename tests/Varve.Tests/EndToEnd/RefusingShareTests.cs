using Varve.Platform;
using Varve.Tests.App;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Platform;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// Restores to a share that refuses what restores set. All contents come, what is lost is said, and root, who could expect it, gets another
/// exit code.
/// </summary>
[Trait("Needs", "root")]
public sealed class RefusingShareTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public RefusingShareTests()
    {
        Directory.CreateDirectory(At("source/below"));
        File.WriteAllText(At("source/file"), "content");
        File.WriteAllText(At("source/below/other"), "more");
        ZooPosix.Chown(ZooPosix.Path(At("source/file")), 1234, 1234);
        File.SetUnixFileMode(At("source/below"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        Run(0, "backup", At("source"));
    }

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData(Errno.EPERM)]
    [InlineData(Errno.ENOTSUP)]
    public void A_share_that_refuses_chmod_takes_a_restore_to_a_new_directory_and_to_an_old_one(int errno)
    {
        Directory.CreateDirectory(At("old"));
        foreach (string target in (string[])["new", "old"])
        {
            string said;
            using (new SystemCallWatch((c, _, _) => c == SystemCall.SetMode ? errno : 0))
            {
                said = Run(3, "restore", "latest", "--target", At(target));
            }

            Assert.Contains("kept the permissions that the target gives", said, StringComparison.Ordinal);
            AssertContents(target);
        }
    }

    [Fact]
    public void Root_who_cannot_give_owners_back_has_not_restored_everything()
    {
        string said;
        using (new SystemCallWatch(static (c, _, _) => c == SystemCall.SetOwner ? Errno.EPERM : 0))
        {
            said = Run(3, "restore", "latest", "--target", At("new"));
        }

        Assert.Contains("1 entries kept the owner or group", said, StringComparison.Ordinal);
        AssertContents("new");
        Run(0, "restore", "latest", "--target", At("elsewhere"));
    }

    private string At(string name) => System.IO.Path.Combine(_d.Path, name);

    private void AssertContents(string target)
    {
        Assert.Equal("content", File.ReadAllText(At(target + "/file")));
        Assert.Equal("more", File.ReadAllText(At(target + "/below/other")));
    }

    private string Run(int code, params string[] line)
    {
        var world = new FakeWorld { Environment = { ["HOME"] = At("home") } };
        int ended = world.Run(line);
        Assert.True(ended == code, $"{string.Join(' ', line)}: {ended}\n{world.Error}{world.Output}");
        return world.Error.ToString() + world.Output;
    }
}
