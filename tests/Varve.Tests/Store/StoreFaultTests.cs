using Varve.Model;
using Varve.Platform;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Platform;

namespace Varve.Tests.Store;

/// <summary>
/// Each sort of system call that a local store writes with is seen by an observer, and fails as a clear error that leaves nothing half
/// done.
/// </summary>
public sealed class StoreFaultTests : IDisposable
{
    private const string Key = "packs/ab/1";

    private readonly ScratchDirectory _scratch = new();
    private readonly LocalStore _store;

    public StoreFaultTests() => _store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));

    public void Dispose()
    {
        _store.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData("MakeDirectory")]
    [InlineData("Create")]
    [InlineData("Write")]
    [InlineData("Sync")]
    [InlineData("Rename")]
    public void A_call_that_fails_while_an_object_is_put_is_a_clear_error_and_there_is_no_object(string call)
    {
        using (new SystemCallWatch((c, _, _) => c.ToString() == call ? Errno.EIO : 0))
        {
            Require(Assert.Throws<VarveException>(() => _store.Put(Key, "x"u8)));
        }

        RequireAbsent();
    }

    [Theory]
    [InlineData("Create")]
    [InlineData("Write")]
    [InlineData("Sync")]
    [InlineData("Rename")]
    public void A_call_that_fails_while_an_object_is_staged_is_a_clear_error_and_there_is_no_object(string call)
    {
        _store.Put("packs/ab/other", "y"u8);
        using (new SystemCallWatch((c, _, _) => c.ToString() == call ? Errno.EIO : 0))
        {
            Require(Assert.Throws<VarveException>(() =>
            {
                using IStagedObject staged = _store.Stage();
                staged.Append("x"u8);
                staged.Commit(Key);
            }));
        }

        RequireAbsent();
    }

    [Theory]
    [InlineData("Create")]
    [InlineData("Write")]
    [InlineData("Sync")]
    [InlineData("Rename")]
    public void A_call_that_fails_while_an_object_is_replaced_leaves_the_old_one(string call)
    {
        _store.Replace("sessions/1", "before"u8);
        using (new SystemCallWatch((c, _, _) => c.ToString() == call ? Errno.EIO : 0))
        {
            Require(Assert.Throws<VarveException>(() => _store.Replace("sessions/1", "after"u8)));
        }

        Assert.Equal("before"u8.ToArray(), _store.Get("sessions/1", 10));
    }

    [Fact]
    public void An_object_that_cannot_be_deleted_is_a_clear_error()
    {
        _store.Put(Key, "x"u8);
        using (new SystemCallWatch(static (c, _, _) => c == SystemCall.Unlink ? Errno.EIO : 0))
        {
            Require(Assert.Throws<VarveException>(() => _store.Delete(Key)));
        }

        Assert.True(_store.Delete(Key));
    }

    [Theory]
    [InlineData("Open")]
    [InlineData("Stat")]
    [InlineData("Read")]
    public void A_call_that_fails_while_an_object_is_read_is_a_clear_error(string call)
    {
        _store.Put(Key, "x"u8);
        using (new SystemCallWatch((c, _, _) => c.ToString() == call ? Errno.EIO : 0))
        {
            Require(Assert.Throws<VarveException>(() => _store.Get(Key, 10)));
        }
    }

    private static void Require(VarveException e)
    {
        Assert.Equal(ErrorKind.Storage, e.Kind);
        Assert.Contains("Input/output error", e.Message, StringComparison.Ordinal);
    }

    private void RequireAbsent()
    {
        Assert.Null(_store.Get(Key, 10));
        _store.CleanUp();
        string temporary = Path.Combine(_store.Description, "tmp");
        Assert.Empty(Directory.Exists(temporary) ? Directory.GetFiles(temporary) : []);
        Assert.True(_store.Put(Key, "x"u8));
        Assert.Equal("x"u8.ToArray(), _store.Get(Key, 10));
    }
}
