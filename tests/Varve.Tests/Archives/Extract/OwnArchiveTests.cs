using System.Text;
using Varve.Archives.Extract;
using Varve.Archives.Write;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Extract;

/// <summary>What we write we extract.</summary>
public sealed class OwnArchiveTests : IDisposable
{
    private readonly ExtractRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [Trait("Needs", "root")]
    [InlineData((object)ArchiveFormat.Zip)]
    [InlineData((object)ArchiveFormat.TarZst)]
    [InlineData((object)ArchiveFormat.TarGz)]
    [InlineData((object)ArchiveFormat.Tar)]
    public void The_awkward_tree_comes_out_as_it_was(object format)
    {
        Zoo.Create(_rig.Tree);
        Programs.Run("find", _rig.Tree, "-type", "s", "-delete");
        bool isZip = (ArchiveFormat)format == ArchiveFormat.Zip;
        if (isZip) { Programs.Run("bash", "-c", $"find '{_rig.Tree}' '(' -type p -o -type c -o -type b ')' -delete"); }
        ZooPosix.SetTime(ZooPosix.Path(_rig.Tree, "special"), 5, 0);
        Directory.CreateDirectory(_rig["to"]);
        var options = new ArchiveOptions
        {
            To = Encoding.UTF8.GetBytes(_rig["to"]), Paths = [Encoding.UTF8.GetBytes(_rig.Tree)],
            Format = (ArchiveFormat)format, Threads = 2,
            Host = "desk", Time = TimeProvider.System, SpoolPlace = _rig["spool"], Note = static n => Assert.Fail(n.ToString()),
        };
        ArchiveResult made = Archiver.Run(options, new ArchiveMonitor(), TestContext.Current.CancellationToken);
        string archive = "to/" + Path.GetFileName(Encoding.UTF8.GetString(made.Path));
        ExtractResult result = _rig.Extract(archive, static o => o with { NumericOwner = true });
        Assert.Empty(ExtractRig.Failed(result));
        // A further name of a symlink or fifo counts as a file there.
        Assert.Equal((made.Files + made.Others, made.Directories), (result.Files + result.Others, result.Directories));
        if (!isZip) { Assert.Equal("", RsyncJudge.Compare(_rig.Tree, _rig.Target + "/tree")); }
        else
        {
            // Attributes, nanoseconds and names of one file are not in a zip, nor times beyond 32 bits.
            Assert.Equal("", Programs.Run(
                "rsync", "-rlptgocn", "-i", "--modify-window=1", "--delete", "--exclude=/times", _rig.Tree + "/", _rig.Target + "/tree/"));
        }
    }
}
