using Varve.Tests.Kit;

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
        Assert.DoesNotContain(Descriptors(), target => target.StartsWith(place, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Descriptors() =>
        new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(static f => f.LinkTarget ?? "");
}
