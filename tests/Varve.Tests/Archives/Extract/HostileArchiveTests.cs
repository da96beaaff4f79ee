using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Varve.Archives.Extract;
using Varve.Tests.Kit;

namespace Varve.Tests.Archives.Extract;

/// <summary>Archives that want out of the target, that lie, and that are cut short.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private readonly ExtractRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Paths_that_leave_the_target_are_refused_and_all_else_is_extracted()
    {
        Zip("a.zip", ("../out", "x"), ("/absolute", "x"), ("a/../../out", "x"), ("a//./b", "fine"), ("c", "fine"));
        ExtractResult result = _rig.Extract("a.zip");
        Assert.Equal(
            [
                "../out: its path leads out of the target (..)", "/absolute: its path is absolute",
                "a/../../out: its path leads out of the target (..)",
            ],
            ExtractRig.Failed(result));
        Assert.Equal("fine", File.ReadAllText(_rig.Target + "/a/b"));
        Assert.Equal(2, result.Files);
        Assert.False(File.Exists(_rig["out"]));
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    public void Nothing_goes_through_a_symlink_of_the_same_archive(string format)
    {
        Directory.CreateDirectory(_rig["outside"]);
        Python(format == "zip" ? """
            import zipfile
            z = zipfile.ZipFile('a', 'w')
            link = zipfile.ZipInfo('way')
            link.create_system, link.external_attr = 3, 0o120777 << 16
            z.writestr(link, '../outside')
            z.writestr('way/file', 'escaped')
            z.writestr('other', 'fine')
            z.close()
            """ : """
            import io, tarfile
            t = tarfile.open('a', 'w')
            link = tarfile.TarInfo('way'); link.type = tarfile.SYMTYPE; link.linkname = '../outside'
            t.addfile(link)
            for name in ('way/file', 'other'):
                entry = tarfile.TarInfo(name); entry.size = 4
                t.addfile(entry, io.BytesIO(b'fine'))
            hard = tarfile.TarInfo('hard'); hard.type = tarfile.LNKTYPE; hard.linkname = '../outside/secret'
            t.addfile(hard)
            t.close()
            """);
        File.WriteAllText(_rig["outside/secret"], "secret");
        ExtractResult result = _rig.Extract("a");
        Assert.True(result.FailureCount > 0);
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(_rig["outside"]).Select(Path.GetFileName));
        Assert.True(File.Exists(_rig.Target + "/other"));
        Assert.False(File.Exists(_rig.Target + "/hard"));
    }

    [Fact]
    public void A_symlink_that_is_there_is_not_followed_and_nothing_is_replaced()
    {
        Directory.CreateDirectory(_rig["outside"]);
        Directory.CreateDirectory(_rig.Target);
        File.CreateSymbolicLink(_rig.Target + "/a", _rig["outside"]);
        File.WriteAllText(_rig.Target + "/b", "mine");
        Zip("a.zip", ("a/file", "x"), ("b", "x"), ("c", "fine"));
        Assert.Equal(2, _rig.Extract("a.zip").FailureCount);
        Assert.Empty(Directory.GetFileSystemEntries(_rig["outside"]));
        Assert.Equal("mine", File.ReadAllText(_rig.Target + "/b"));
        Assert.Equal("fine", File.ReadAllText(_rig.Target + "/c"));
    }

    [Fact]
    public void Names_that_stand_twice_are_refused()
    {
        Zip("a.zip", ("a", "one"), ("./a", "two"), ("b", "fine"));
        ExtractResult result = _rig.Extract("a.zip");
        const string why = ": the archive has several entries of that name";
        Assert.Equal(["./a" + why, "a" + why], ExtractRig.Failed(result));
        Assert.Equal(["b"], Directory.GetFileSystemEntries(_rig.Target).Select(Path.GetFileName));
    }

    [Fact]
    public void Bombs_are_refused_before_anything_is_written_unless_they_are_allowed()
    {
        Directory.CreateDirectory(_rig["bomb"]);
        _rig.Shell("truncate -s 1100M bomb/zeros; zip -q -1 a.zip bomb/zeros; tar -czf a.tar.gz bomb");
        foreach (string archive in (string[])["a.zip", "a.tar.gz"])
        {
            VarveException e = Assert.Throws<VarveException>(() => _rig.Extract(archive));
            Assert.Equal(ErrorKind.Usage, e.Kind);
            Assert.False(File.Exists(_rig.Target + "/bomb/zeros"));
        }

        Zip("b.zip", ("a", "x"), ("b", "x"));
        Assert.Throws<VarveException>(() => _rig.Extract("b.zip", static o => o with { Limits = new ExtractLimits { Entries = 1 } }));
        Assert.Throws<VarveException>(() => _rig.Extract("b.zip", static o => o with { Limits = new ExtractLimits { Bytes = 1 } }));
        Assert.Equal(0, _rig.Extract("b.zip").FailureCount);
        Assert.Empty(ExtractRig.Failed(_rig.Extract("a.zip", static o => o with { Limits = new ExtractLimits { Ratio = 2000 } })));
    }

    [Fact]
    public void An_entry_that_lies_about_itself_is_refused_and_leaves_nothing()
    {
        Zip("a.zip", ("first", new string('a', 5000)), ("second", new string('b', 5000)), ("third", "fine"));
        byte[] zip = File.ReadAllBytes(_rig["a.zip"]);
        int central = zip.AsSpan().LastIndexOf("PK\x01\x02"u8), second = zip.AsSpan(0, central).LastIndexOf("PK\x01\x02"u8);
        int first = zip.AsSpan(0, second).LastIndexOf("PK\x01\x02"u8);
        (int, string)[] lies = [(first + 16, "CRC"), (first + 24, "longer"), (first + 10, "method"), (first + 42, "local header")];
        foreach ((int at, string why) in lies)
        {
            byte[] changed = [.. zip];
            changed[at] ^= (byte)(at == first + 42 ? 1 : 7);
            if (at == first + 24) { BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), 10); }
            File.WriteAllBytes(_rig["b.zip"], changed);
            ExtractResult result = _rig.Extract("b.zip");
            Assert.True(result.FailureCount > 0, why);
            Assert.False(File.Exists(_rig.Target + "/first"), why);
            Assert.Equal("fine", File.ReadAllText(_rig.Target + "/third"));
            Directory.Delete(_rig.Target, recursive: true);
        }

        // Both headers say that the second begins within the first.
        byte[] overlapping = [.. zip];
        BinaryPrimitives.WriteInt32LittleEndian(overlapping.AsSpan(second + 42), 40);
        File.WriteAllBytes(_rig["b.zip"], overlapping);
        Assert.Contains("first: its bytes overlap those of another entry", ExtractRig.Failed(_rig.Extract("b.zip")));
    }

    [Fact]
    public void An_encrypted_entry_is_refused_clearly()
    {
        File.WriteAllText(_rig["secret"], "secret");
        _rig.Shell("zip -q -P password a.zip secret; echo plain > plain; zip -q a.zip plain");
        Assert.Equal(["secret: it is encrypted"], ExtractRig.Failed(_rig.Extract("a.zip")));
        Assert.True(File.Exists(_rig.Target + "/plain"));
    }

    [Fact]
    public void What_is_cut_short_is_said_wherever_it_is_cut()
    {
        Zip("a.zip", ("a", "one"), ("b", "two"));
        byte[] zip = File.ReadAllBytes(_rig["a.zip"]);
        for (int length = 0; length < zip.Length; length++)
        {
            File.WriteAllBytes(_rig["b"], zip[..length]);
            VarveException e = Assert.Throws<VarveException>(() => _rig.Extract("b"));
            Assert.True(e.Kind is ErrorKind.Damaged or ErrorKind.Unsupported, $"{length}: {e}");
        }

        Directory.CreateDirectory(_rig.Tree);
        File.WriteAllText(_rig.Tree + "/a", new string('a', 3000));
        File.WriteAllText(_rig.Tree + "/b", new string('b', 3000));
        foreach (string option in (string[])["-cf", "-czf", "--zstd -cf"])
        {
            _rig.Shell($"tar --sort=name {option} a.tar tree");
            byte[] tar = File.ReadAllBytes(_rig["a.tar"]);
            File.WriteAllBytes(_rig["b"], tar[..Math.Min(tar.Length / 2, 5000)]);
            Assert.True(_rig.Extract("b").FailureCount > 0, option);
            if (Directory.Exists(_rig.Target)) { Directory.Delete(_rig.Target, recursive: true); }
        }

        File.WriteAllText(_rig["b"], "no archive at all");
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<VarveException>(() => _rig.Extract("b")).Kind);
    }

    private void Zip(string name, params (string Name, string Content)[] entries)
    {
        using ZipArchive zip = ZipFile.Open(_rig[name], ZipArchiveMode.Create);
        foreach ((string entry, string content) in entries)
        {
            using Stream stream = zip.CreateEntry(entry).Open();
            stream.Write(Encoding.UTF8.GetBytes(content));
        }
    }

    private void Python(string program)
    {
        File.WriteAllText(_rig["program.py"], program);
        _rig.Shell("python3 program.py");
    }
}
