using Varve.Maintain.Check;
using Varve.Maintain.Findings;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Maintain;

/// <summary>Checks that read one slice of the data each.</summary>
public sealed class SlicedCheckTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void All_slices_together_read_what_one_check_of_everything_reads()
    {
        for (int i = 0; i < 4; i++)
        {
            File.WriteAllBytes($"{_small.Source}/{i}", Desk.Bytes(i, 20_000));
            _small.Backup();
        }

        using Repository repository = _small.Open();
        long all = Read(repository, 1, 1), sum = 0;
        for (int slice = 1; slice <= 5; slice++)
        {
            long read = Read(repository, slice, 5);
            Assert.Equal(read, Read(repository, slice, 5)); // the same each time
            sum += read;
        }

        Assert.Equal(all, sum);
        Assert.True(all > 0);
    }

    private static long Read(Repository repository, int slice, int slices) => Checker.Run(repository,
        new CheckOptions { ReadData = true, Slice = slice, Slices = slices }, new CheckMonitor(), default).BytesRead;
}
