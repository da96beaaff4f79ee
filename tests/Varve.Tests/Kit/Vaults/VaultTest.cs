using Varve.History;
using Varve.Tests.Kit.Judges;
using Varve.Vault;

namespace Varve.Tests.Kit.Vaults;

/// <summary>A vault and a source for each test of a class.</summary>
public abstract class VaultTest : IDisposable
{
    private protected readonly ScratchDirectory _d = new();
    private protected readonly TestVault _vault;
    private protected readonly string _source;

    protected VaultTest()
    {
        _vault = new TestVault(_d.Path);
        _source = System.IO.Path.Combine(_d.Path, "source");
        Directory.CreateDirectory(_source);
    }

    public void Dispose()
    {
        _d.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string At(string path) => System.IO.Path.Combine(_source, path);

    /// <summary>Nothing was warned of, and the catalog has the rows that rebuilding it gives.</summary>
    protected void Same()
    {
        // A test that takes a snapshot away is told that it is missing.
        Assert.DoesNotContain(_vault.Warnings, static w => w.Advice != Advice.AcknowledgeMissing);
        List<string> live = CatalogText.Of(_vault);
        using (Repository repository = _vault.Open()) { CatalogMaintenance.Rebuild(repository, null, CancellationToken.None); }
        List<string> rebuilt = CatalogText.Of(_vault);
        string[] missing = [.. live.Except(rebuilt).Take(5)], added = [.. rebuilt.Except(live).Take(5)];
        Assert.True(missing.Length + added.Length == 0,
            $"only the live catalog has\n{string.Join('\n', missing)}\nonly the rebuilt one has\n{string.Join('\n', added)}");
        Assert.Equal(live, rebuilt);
    }
}
