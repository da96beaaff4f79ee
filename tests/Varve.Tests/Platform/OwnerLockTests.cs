using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Locks;
using Varve.Tests.Kit;

namespace Varve.Tests.Platform;

public sealed class OwnerLockTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_its_maker_holds_is_not_taken_over_and_what_was_left_is(bool directory)
    {
        SafeFd made = Make(directory);
        Assert.True(OwnerLock.Mark(made.Value));
        Assert.False(OwnerLock.TryTakeOver(_scratch.Fd, "x"u8, out SafeFd none));
        Assert.False(none.IsOpen);
        made.Close();
        Assert.True(OwnerLock.TryTakeOver(_scratch.Fd, "x"u8, out SafeFd first));
        Assert.False(OwnerLock.TryTakeOver(_scratch.Fd, "x"u8, out _)); // one at a time cleans up
        first.Close();
    }

    [Fact]
    public void A_maker_that_comes_too_late_learns_that_its_file_has_no_name_any_more()
    {
        SafeFd made = Make(directory: false);
        Assert.True(OwnerLock.TryTakeOver(_scratch.Fd, "x"u8, out SafeFd taken));
        Assert.Equal(0, Posix.UnlinkAt(_scratch.Fd, "x"u8));
        taken.Close();
        Assert.False(OwnerLock.Mark(made.Value));
        made.Close();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_maker_does_not_wait_for_one_who_cleans_up_and_was_stopped(bool directory)
    {
        SafeFd made = Make(directory);
        Assert.True(OwnerLock.TryTakeOver(_scratch.Fd, "x"u8, out SafeFd taken)); // and does not go on
        Assert.False(OwnerLock.Mark(made.Value));
        made.Close();
        taken.Close();
    }

    [Fact]
    public void A_lock_file_is_held_by_one_and_free_when_it_is_given_back()
    {
        Assert.Equal(0, FileLock.TryTake(_scratch.Fd, "lock"u8, out FileLock? first));
        Assert.Equal(Errno.EAGAIN, FileLock.TryTake(_scratch.Fd, "lock"u8, out FileLock? second));
        Assert.Null(second);
        first!.Dispose();
        Assert.Equal(0, FileLock.TryTake(_scratch.Fd, "lock"u8, out second));
        second!.Dispose();
    }

    private SafeFd Make(bool directory)
    {
        if (directory) { Assert.Equal(0, Posix.MakeDirectoryAt(_scratch.Fd, "x"u8, Modes.PrivateDirectory)); }
        else { _scratch.Touch("x"u8); }
        Assert.Equal(0, Posix.OpenAt(_scratch.Fd, "x"u8, Posix.O_RDONLY, out SafeFd file));
        return file;
    }
}
