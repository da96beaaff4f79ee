using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Text;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;

namespace Varve.Tests.Platform;

/// <summary>A read lease tells whether anybody could write to a file now.</summary>
[Trait("Does", "race")]
public sealed class LeaseTests
{
    [Theory]
    [Trait("Needs", "root")]
    [InlineData("tmpfs")]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public void A_writer_is_seen_through_a_descriptor_and_through_a_mapping(string fileSystem)
    {
        using var mount = new LoopMount(fileSystem);
        string path = Path.Combine(mount.Path, "file");
        File.WriteAllBytes(path, new byte[8192]);
        Assert.Equal(WriterPresence.None, Probe(path));
        using (FileStream reader = File.OpenRead(path)) { Assert.Equal(WriterPresence.None, Probe(path)); }
        var writer = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Assert.Equal(WriterPresence.Some, Probe(path));
        using (MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(writer, null, 0, MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None, leaveOpen: true))
        using (MemoryMappedViewAccessor view = mapped.CreateViewAccessor())
        {
            mapped.SafeMemoryMappedFileHandle.Dispose();
            writer.Dispose();
            view.Write(0, 1);
            Assert.Equal(WriterPresence.Some, Probe(path)); // only the mapping is left
        }

        Assert.Equal(WriterPresence.None, Probe(path));
    }

    [Fact]
    public void Who_opens_the_file_all_the_time_is_not_disturbed_and_the_signal_ends_nobody()
    {
        using var d = new ScratchDirectory();
        string path = Path.Combine(d.Path, "file");
        File.WriteAllText(path, "x");
        using Process writer = Process.Start("/usr/bin/python3",
            ["-c", $"import os\nfor _ in range(20000): os.close(os.open({Quote(path)}, os.O_RDWR))"]);
        int some = 0, none = 0;
        while (!writer.HasExited)
        {
            if (Probe(path) == WriterPresence.Some) { some++; } else { none++; }
        }

        Assert.Equal(0, writer.ExitCode);
        Assert.True(none > 0, $"{some} times somebody, {none} times nobody");
    }

    private static string Quote(string path) => $"'{path}'";

    private static WriterPresence Probe(string path)
    {
        Assert.Equal(0, EntryReader.OpenFile(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), out SafeFd file));
        WriterPresence found = Lease.Probe(file.Value);
        file.Close();
        return found;
    }
}
