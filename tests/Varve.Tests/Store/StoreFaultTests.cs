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
    public void A_call_that_fails_for_one_object_is_damage_of_that(string call)
    {
        _store.Put(Key, "x"u8);
        _store.Put("packs/ab/2", "y"u8);
        bool failed = false;
        using (new SystemCallWatch((c, _, _) =>
        {
            if (failed || c.ToString() != call) { return 0; }
            failed = true;
            return Errno.EIO;
        }))
        {
            VarveException e = Assert.Throws<VarveException>(() => _store.Get(Key, 10));
            Require(e, ErrorKind.Damaged);
            Assert.Equal((Subject.Object(Key, _store.Description), Advice.SeeSystemLog), (e.Subject, e.Advice));
            Assert.NotNull(_store.Get("packs/ab/2", 10));
        }
    }

    [Theory]
    [InlineData("Open")]
    [InlineData("Stat")]
    [InlineData("List")]
    public void When_the_store_itself_does_not_answer_it_is_the_store_that_failed(string call)
    {
        _store.Put(Key, "x"u8);
        using (new SystemCallWatch((c, _, _) => c == SystemCall.Read || c.ToString() == call ? Errno.EIO : 0))
        {
            Require(Assert.Throws<VarveException>(() => _store.Get(Key, 10)));
            Require(Assert.Throws<VarveException>(() => _store.List("", static _ => Assert.Fail("the store is gone")).Count()));
        }
    }

    [Theory]
    [InlineData(Errno.EMFILE)]
    [InlineData(Errno.ENFILE)]
    [InlineData(Errno.ENOMEM)]
    public void What_the_process_lacks_is_no_damage(int errno)
    {
        _store.Put(Key, "x"u8);
        using (new SystemCallWatch((c, _, name) => c == SystemCall.Open && name.EndsWith("1"u8) ? errno : 0))
        {
            Assert.Equal(ErrorKind.Storage, Assert.Throws<VarveException>(() => _store.Get(Key, 10)).Kind);
        }
    }

    [Theory]
    [InlineData(Errno.EIO)]
    [InlineData(Errno.EACCES)]
    public void A_directory_that_cannot_be_listed_is_told_to_those_who_go_on_and_an_error_for_others(int errno)
    {
        _store.Put(Key, "x"u8);
        _store.Put("packs/cd/1", "y"u8);
        using (new SystemCallWatch((c, _, name) => c == SystemCall.Open && name.SequenceEqual("packs/ab"u8) ? errno : 0))
        {
            var unreadable = new List<VarveException>();
            Assert.Equal([new StoreObject("packs/cd/1", 1)], _store.List("packs/", unreadable.Add));
            VarveException e = Assert.Single(unreadable);
            Assert.Equal((ErrorKind.Damaged, "packs/ab/"), (e.Kind, e.Subject.Name));
            Assert.Equal(ErrorKind.Storage, Assert.Throws<VarveException>(() => _store.List("packs/").Count()).Kind);
        }
    }

    [Fact]
    public void A_name_without_a_readable_inode_is_listed_and_is_damage()
    {
        _store.Put(Key, "x"u8);
        _store.Put("packs/ab/2", "y"u8);
        using (new SystemCallWatch((c, _, name) => c == SystemCall.Stat && name.SequenceEqual("1"u8) ? Errno.EIO : 0))
        {
            Assert.Equal([new StoreObject(Key, 0), new StoreObject("packs/ab/2", 1)],
                _store.List("").OrderBy(static o => o.Key, StringComparer.Ordinal));
        }
    }

    private static void Require(VarveException e, ErrorKind kind = ErrorKind.Storage)
    {
        Assert.Equal(kind, e.Kind);
        Assert.Contains("input/output error", e.Message, StringComparison.Ordinal);
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
