using Varve.Model;
using Varve.Platform.Files;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Platform;

public sealed class TrustedPathTests : IDisposable
{
    private const uint Somebody = 12345;

    private readonly ScratchDirectory _scratch = new();
    private readonly string _above, _place;

    public TrustedPathTests()
    {
        Assert.SkipUnless(IsRoot, "Needs root");
        _above = System.IO.Path.Combine(_scratch.Path, "above");
        _place = System.IO.Path.Combine(_above, "below", "place");
        Directory.CreateDirectory(_place);
        foreach (string directory in (string[])[_place, System.IO.Path.GetDirectoryName(_place)!, _above, _scratch.Path])
        {
            Chmod(Path(directory), 0x1ED); // 0755, whatever the umask
        }
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Below_directories_of_root_and_ones_own_there_is_nothing_to_say_of_what_is_there_and_what_is_not()
    {
        Assert.Null(TrustedPath.Problem(_place));
        Assert.Null(TrustedPath.Problem(System.IO.Path.Combine(_place, "not", "there")));
    }

    [Fact]
    public void A_private_directory_below_one_of_another_user_is_refused_and_nothing_is_made()
    {
        Chown(Path(_above), Somebody, Somebody);
        string missing = System.IO.Path.Combine(_above, "cache");
        foreach (string place in (string[])[_place, missing])
        {
            VarveException e = Assert.Throws<VarveException>(() => PrivateDirectory.Open(place, Subject.Cache(place), Advice.ChooseCache));
            Assert.Equal((ErrorKind.Storage, Advice.ChooseCache), (e.Kind, e.Advice));
            Assert.Contains($"{_above}, above it, belongs to user 12345", e.Message, StringComparison.Ordinal);
            Assert.Null(PrivateDirectory.OpenExisting(place));
        }

        Assert.False(Directory.Exists(missing));
        Assert.Null(TrustedPath.Problem(_place, alsoOf: Somebody));
    }

    [Theory]
    [InlineData(0x1FFu, true)] // 0777
    [InlineData(0x1FDu, true)] // 0775, of a group that is not its owner's own
    [InlineData(0x3FFu, false)] // 01777: nobody takes away what is another's
    [InlineData(0x3FDu, false)] // 01775
    [InlineData(0x1C1u, false)] // 0701
    public void One_below_a_directory_that_others_may_write_to_is_refused_unless_it_is_sticky(uint mode, bool isRefused)
    {
        Chown(Path(_above), 0, Somebody);
        Chmod(Path(_above), mode);
        string? problem = TrustedPath.Problem(_place);
        if (isRefused) { Assert.Equal($"others may write to {_above}, above it, and could put another in its place", problem); }
        else { Assert.Null(problem); }
    }

    [Fact]
    public void Where_each_user_has_a_group_of_his_own_that_may_write_unless_an_ACL_names_others()
    {
        Chown(Path(_above), 0, 0); // the group root
        Chmod(Path(_above), 0x1FD);
        string members = Programs.Run("getent", "group", "0").TrimEnd('\n');
        Assert.SkipUnless(members.StartsWith("root:", StringComparison.Ordinal) && members.EndsWith(':'), "root's group has members");
        Assert.Null(TrustedPath.Problem(_place));
        try { SetXattr(Path(_above), "system.posix_acl_access", ZooAcl.Acl(Somebody, 7, Somebody, 0, owner: 7, owningGroup: 5, other: 5)); }
        catch (ZooException) { Assert.Skip("The file system has no ACLs"); }
        Assert.NotNull(TrustedPath.Problem(_place));
    }

    [Fact]
    public void Links_are_followed_one_by_one_and_their_places_looked_at()
    {
        string others = Directory.CreateDirectory(System.IO.Path.Combine(_scratch.Path, "others")).FullName,
            link = System.IO.Path.Combine(others, "link");
        File.CreateSymbolicLink(link, "../above/below");
        Assert.Null(TrustedPath.Problem(System.IO.Path.Combine(link, "place")));
        Chown(Path(others), Somebody, Somebody);
        Assert.Contains($"{others}, above it, belongs", TrustedPath.Problem(System.IO.Path.Combine(link, "place")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_of_somebody_else_in_a_sticky_directory_is_refused()
    {
        string shared = Directory.CreateDirectory(System.IO.Path.Combine(_scratch.Path, "shared")).FullName,
            link = System.IO.Path.Combine(shared, "link");
        Chmod(Path(shared), 0x3FF);
        File.CreateSymbolicLink(link, _above);
        Assert.Null(TrustedPath.Problem(System.IO.Path.Combine(link, "place")));
        Chown(Path(link), Somebody, Somebody);
        Assert.Contains($"{link}, a symbolic link on the way to it, belongs", TrustedPath.Problem(System.IO.Path.Combine(link, "place")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_links_ends()
    {
        File.CreateSymbolicLink(System.IO.Path.Combine(_above, "one"), "two");
        File.CreateSymbolicLink(System.IO.Path.Combine(_above, "two"), "one");
        Assert.Null(TrustedPath.Problem(System.IO.Path.Combine(_above, "one", "place")));
    }

    [Fact]
    public void A_key_or_configuration_below_a_directory_of_another_user_is_refused_but_for_roots_use_of_his_key()
    {
        string file = System.IO.Path.Combine(_place, "key");
        File.WriteAllText(file, "text");
        Chmod(Path(file), 0x180);
        Chown(Path(_above), Somebody, Somebody);
        foreach (bool isSecret in (bool[])[true, false])
        {
            using TrustedFile opened = TrustedFile.Open(file, isSecret);
            Assert.Contains($"{_above}, above it, belongs", opened.Problem, StringComparison.Ordinal);
        }

        Chown(Path(file), Somebody, Somebody);
        using TrustedFile his = TrustedFile.Open(file, isSecret: true);
        Assert.Null(his.Problem);
    }
}
