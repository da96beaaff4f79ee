using Varve.Catalog;
using Varve.History;
using Varve.Model;
using Varve.Platform;
using Varve.Store;

namespace Varve.Tests.Vault;

/// <summary>What the program does about an error is decided by its facts.</summary>
public sealed class ErrorFactTests
{
    [Theory]
    [InlineData("it is cut short")]
    [InlineData("database disk image is malformed")]
    [InlineData("")]
    public void Whatever_the_words_damage_of_the_catalog_is_repaired_and_that_of_a_snapshot_is_not(string words)
    {
        Assert.True(CatalogFile.IsDamage(VarveException.Damaged(Subject.Catalog("/c/catalog.db"), words)));
        Assert.False(
            CatalogFile.IsDamage(VarveException.Damaged(Subject.Object("snapshots/ab"), "The catalog is damaged: " + words)));
        Assert.False(CatalogFile.IsDamage(new VarveException(ErrorKind.Storage, Subject.Catalog("/c/catalog.db"), words)));
    }

    [Fact]
    public void A_store_that_does_not_answer_may_later_and_a_full_one_needs_somebody()
    {
        Subject key = Subject.Object("packs/ab/cd");
        Assert.All((int[])[Errno.ESTALE, Errno.EAGAIN, Errno.EBUSY, Errno.ENOMEM],
            errno => Assert.True(StoreErrors.Error(errno, "read", key).IsRetryable));
        Assert.All((int[])[Errno.ENOSPC, Errno.EDQUOT, Errno.EROFS, Errno.EACCES, Errno.EIO],
            errno => Assert.False(StoreErrors.Error(errno, "read", key).IsRetryable));
    }

    [Fact]
    public void A_notice_has_its_cause_as_data()
    {
        VarveException cause = VarveException.Damaged(Subject.Object("index/ab"), "it is cut short");
        Notice notice = Notice.Of(cause, "the packs it names are read by their footers");
        Assert.Equal((cause, Advice.CheckRepository), (notice.Cause, notice.Advice));
        Assert.Equal("index/ab is damaged: it is cut short; the packs it names are read by their footers", notice.ToString());
        Assert.Equal("/x is left out: it is the cache", new Notice(Subject.Path("/x"), "is left out: it is the cache").ToString());
    }
}
