using System.Text;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Tests.Kit;

namespace Varve.Tests.Platform;

/// <summary>
/// System calls that an old kernel has not (ENOSYS), or that the sandbox of an old container engine does not know (EPERM): an older one
/// serves.
/// </summary>
public sealed class UnknownCallTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public static TheoryData<int> Answers => [Errno.ENOSYS, Errno.EPERM];

    public void Dispose() => _d.Dispose();

    [Theory]
    [MemberData(nameof(Answers))]
    public void Without_syncfs_everything_is_synced_in_another_way_and_its_failure_is_told(int answer)
    {
        using (Refusing(SystemCall.Sync, answer)) { Assert.Equal(0, Posix.SyncFileSystem(_d.Fd)); }
        using (Refusing(SystemCall.Sync, answer, Errno.EIO)) { Assert.Equal(Errno.EIO, Posix.SyncFileSystem(_d.Fd)); }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Without_renameat2_a_restored_file_gets_its_name_by_a_link_and_never_takes_one(int answer)
    {
        foreach (string name in (string[])["one", "two", "taken"]) { _d.Touch(Bytes(name)); }
        using (Refusing(SystemCall.Rename, answer)) { Assert.Equal(0, TemporaryName.Publish(_d.Fd, Bytes("one"), Bytes("new"))); }
        using (Refusing(SystemCall.Rename, answer))
        {
            Assert.Equal(Errno.EEXIST, TemporaryName.Publish(_d.Fd, Bytes("two"), Bytes("taken")));
        }

        Assert.Equal(["new", "taken", "two"], Directory.GetFiles(_d.Path).Select(System.IO.Path.GetFileName).Order());
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Without_fchmodat2_a_mode_is_set_through_a_descriptor_and_not_through_a_link(int answer)
    {
        _d.Touch("file"u8);
        string file = System.IO.Path.Combine(_d.Path, "file");
        using (Refusing(SystemCall.SetMode, answer)) { Assert.Equal(0, Posix.SetModeAt(_d.Fd, "file"u8, 0x1C0)); }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(file));
        File.CreateSymbolicLink(System.IO.Path.Combine(_d.Path, "link"), "file");
        using (Refusing(SystemCall.SetMode, answer)) { Assert.Equal(Errno.ENOTSUP, Posix.SetModeAt(_d.Fd, "link"u8, 0x180)); }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(file));
    }

    private static byte[] Bytes(string name) => Encoding.UTF8.GetBytes(name);

    /// <summary>The first calls of that sort get these answers.</summary>
    private static SystemCallWatch Refusing(SystemCall call, params int[] answers)
    {
        int at = -1;
        return new SystemCallWatch((c, _, _) => c == call && ++at < answers.Length ? answers[at] : 0);
    }
}
