using Varve.Backup;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Backup;

/// <summary>Files that are cut for all workers.</summary>
public sealed class LargeFileTests
{
    [Fact]
    public void Files_whose_chunks_are_all_as_long_as_can_be_are_stored_whole()
    {
        using var rig = new Rig();
        foreach (int size in (int[])[1 << 20, 4 << 20, (4 << 20) + 1, 6 << 20, 9_000_000])
        {
            byte[] equal = new byte[size];
            Array.Fill(equal, (byte)7);
            File.WriteAllBytes(Path.Combine(rig.Source, $"f{size}"), equal);
        }

        BackupResult result = rig.Backup();
        rig.RequireRestores(result.Name, rig.Source, "equal bytes");
    }
}
