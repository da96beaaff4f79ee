using System.Globalization;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A process may have few files open at a time; what is saved and restored may be many.</summary>
public sealed class DescriptorTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void With_few_descriptors_many_files_of_several_pieces_are_saved_checked_and_restored()
    {
        // More files than descriptors, each of some chunks, so that the restore has it open while it waits for blocks.
        for (int i = 0; i < 400; i++)
        {
            string directory = Directory.CreateDirectory(_desk[string.Create(CultureInfo.InvariantCulture, $"source/{i % 150}/{i}")])
                .FullName;
            File.WriteAllBytes(System.IO.Path.Combine(directory, "file"), Desk.Bytes(i, 300_000));
        }

        var varve = new VarveProcess(_desk["home"]) { Descriptors = 256 };
        varve.Succeed("backup", _desk["source"]);
        varve.Succeed("check", "--read-data");
        varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(_desk["source"], _desk["restored"]));
    }
}
