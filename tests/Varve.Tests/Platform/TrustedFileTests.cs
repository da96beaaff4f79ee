using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tests.Kit;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Platform;

public sealed class TrustedFileTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly string _folder, _file;

    public TrustedFileTests()
    {
        _folder = System.IO.Path.Combine(_scratch.Path, "folder");
        _file = System.IO.Path.Combine(_folder, "file");
        Directory.CreateDirectory(_folder);
        File.WriteAllText(_file, "text");
        Chmod(Path(_file), 0x180);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void One_of_the_users_own_is_read_and_nothing_is_said()
    {
        using TrustedFile file = TrustedFile.Open(_file, isSecret: true);
        Assert.Equal((0, null, null), (file.Errno, file.Problem, file.Remark));
        var bytes = new byte[3];
        Assert.Equal(0, file.Read(bytes, out int length));
        Assert.Equal((3, "tex"), (length, System.Text.Encoding.ASCII.GetString(bytes)));
    }

    [Theory]
    [InlineData(0x1A4u, true)] // 0644
    [InlineData(0x1A0u, true)] // 0640
    [InlineData(0x180u, false)]
    public void A_secret_that_others_can_read_is_used_and_remarked_on(uint mode, bool remarked)
    {
        Chmod(Path(_file), mode);
        using TrustedFile secret = TrustedFile.Open(_file, isSecret: true), rules = TrustedFile.Open(_file, isSecret: false);
        Assert.Equal(remarked ? "others than its owner may read it" : null, secret.Remark);
        Assert.Equal((null, null, null), (secret.Problem, rules.Problem, rules.Remark));
    }

    [Theory]
    [InlineData(0x1B0u)] // 0660
    [InlineData(0x182u)] // 0602
    [InlineData(0x1B6u)] // 0666
    public void One_that_others_can_write_is_refused_secret_or_not(uint mode)
    {
        Chmod(Path(_file), mode);
        foreach (bool isSecret in (bool[])[true, false])
        {
            using TrustedFile file = TrustedFile.Open(_file, isSecret);
            Assert.Equal("others than its owner may write to it", file.Problem);
        }
    }

    [Theory]
    [InlineData(0x1FFu)] // 0777
    [InlineData(0x1F8u)] // 0770
    [InlineData(0x3FFu)] // 01777
    public void One_in_a_directory_that_others_can_write_to_is_refused_also_through_a_link(uint mode)
    {
        Chmod(Path(_folder), mode);
        string link = System.IO.Path.Combine(_scratch.Path, "link");
        File.CreateSymbolicLink(link, _file);
        foreach (string path in (string[])[_file, link])
        {
            using TrustedFile file = TrustedFile.Open(path, isSecret: true);
            Assert.Equal($"others may write to {_folder}, where it lies", file.Problem);
        }

        Assert.NotNull(TrustedFile.ProblemOfPlace(System.IO.Path.Combine(_folder, "new")));
        Chmod(Path(_folder), 0x1ED);
        Assert.Null(TrustedFile.ProblemOfPlace(System.IO.Path.Combine(_folder, "new")));
    }

    [Fact]
    public void What_is_not_there_or_no_file_has_an_error_number()
    {
        using TrustedFile missing = TrustedFile.Open(_file + "x", isSecret: true), below = TrustedFile.Open(_file + "/x", isSecret: true),
            folder = TrustedFile.Open(_folder, isSecret: true);
        Assert.Equal((Errno.ENOENT, Errno.ENOTDIR, Errno.EISDIR), (missing.Errno, below.Errno, folder.Errno));
    }

    [Fact]
    public void A_rules_file_of_another_user_is_refused_and_root_is_told_of_a_secret_s_owner()
    {
        Assert.SkipUnless(IsRoot, "Needs root");
        Chown(Path(_file), 12345, 12345);
        using TrustedFile rules = TrustedFile.Open(_file, isSecret: false), secret = TrustedFile.Open(_file, isSecret: true);
        Assert.Equal("it belongs to user 12345", rules.Problem);
        Assert.Equal((null, "it belongs to user 12345, who can change it"), (secret.Problem, secret.Remark));
        Chown(Path(_folder), 777, 777);
        using TrustedFile elsewhere = TrustedFile.Open(_file, isSecret: true);
        Assert.Equal($"{_folder}, where it lies, belongs to user 777", elsewhere.Problem);
    }

    [Fact]
    public void A_pipe_is_read_to_its_end()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        string reader = $"/proc/self/fd/{pipe.GetClientHandleAsString()}";
        using TrustedFile file = TrustedFile.Open(reader, isSecret: true);
        pipe.Write("pass"u8);
        pipe.DisposeLocalCopyOfClientHandle();
        pipe.Dispose();
        var bytes = new byte[10];
        Assert.Equal((0, null, null), (file.Errno, file.Problem, file.Remark));
        Assert.Equal(0, file.Read(bytes, out int length));
        Assert.Equal(4, length);
    }
}
