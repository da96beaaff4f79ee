using System.Globalization;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The program's memory does not grow with what it backs up.</summary>
[Trait("Takes", "minutes")]
public sealed class MemoryTests(KernelTree kernel) : IDisposable
{
    private const long Most = 250_000_000;
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_hundred_thousand_files_are_saved_checked_and_restored_in_under_250_MB()
    {
        string source = _desk["source"];
        for (int d = 0; d < 200; d++)
        {
            string directory = Directory.CreateDirectory(System.IO.Path.Combine(source, d.ToString(CultureInfo.InvariantCulture))).FullName;
            for (int i = 0; i < 500; i++)
            {
                File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"{directory}/{i}"), $"{d} and {i}");
            }
        }

        All(source);
    }

    [Fact]
    public void The_kernel_tree_is_saved_checked_and_restored_in_under_250_MB() => All(kernel.Root);

    private void All(string source)
    {
        Bounded("backup", source);
        Bounded("backup", source);
        Bounded("check", "--read-data");
        Bounded("catalog", "rebuild");
        Bounded("restore", "--target", _desk["restored"]);
    }

    private void Bounded(params string[] command)
    {
        long peak = _desk.Varve.Succeed(command).PeakBytes;
        Assert.True(peak is > 0 and < Most, $"{command[0]}: {peak} bytes");
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(' ', command)}: {peak:N0} bytes");
    }
}
