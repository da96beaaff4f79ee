using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;

namespace Varve.Tests.Vault;

public sealed class OpeningTests
{
    [Fact]
    public void What_is_no_repository_is_let_go_of_at_once()
    {
        using var d = new ScratchDirectory();
        string place = Path.Combine(d.Path, "empty");
        Directory.CreateDirectory(place);
        var credentials = new Credentials { Password = "x" };
        var options = new RepositoryOptions { CacheRoot = Path.Combine(d.Path, "cache") };
        Assert.False(Repository.Exists(new RepositoryLocation(place)));
        Assert.Throws<VarveException>(() => Repository.Open(new RepositoryLocation(place), credentials, options));
        Assert.Equal(0, OpenDescriptors.Below(place));
    }

    [Fact]
    public void A_signal_ends_the_reading_of_an_index_of_which_this_machine_has_no_copy()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        using var stop = new CancellationTokenSource();
        using (Repository repository = Repository.Open(copy.Location, copy.Credentials, copy.Options() with { Cancelled = stop.Token }))
        {
            stop.Cancel();
            Assert.Throws<OperationCanceledException>(repository.LoadIndex);
        }

        using Repository again = copy.Open();
        again.LoadIndex();
        Assert.NotEmpty(again.Chunks.Runs);
    }
}
