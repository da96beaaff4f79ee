using System.Text;
using Varve.Model;
using Varve.Model.Paths;

namespace Varve.Tests.Model;

/// <summary>Patterns of files that belong together.</summary>
public sealed class FileGroupsTests
{
    [Theory]
    [InlineData("*,*-wal", "|-wal")]
    [InlineData("*.MYD, *.MYI ,*.frm", ".MYD|.MYI|.frm")]
    [InlineData("*.é,*", ".é|")]
    public void A_group_is_its_endings(string pattern, string endings) =>
        Assert.Equal(endings, string.Join('|', FileGroups.Parse(pattern).Select(Encoding.UTF8.GetString)));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*,*")]
    [InlineData("*,-wal")]
    [InlineData("*,")]
    [InlineData("*,*/a")]
    [InlineData("*,*a*")]
    [InlineData("a*,*b")]
    public void What_is_no_group_is_refused(string pattern) =>
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => FileGroups.Parse(pattern)).Kind);

    [Fact]
    public void The_files_of_an_sqlite_database_belong_together_unless_none_do()
    {
        Assert.Equal(["|-wal|-journal|-shm", ".a|.b"], All("*.a,*.b"));
        Assert.Equal([".a|.b"], All("none", "*.a,*.b"));
        Assert.Empty(All("none"));
        Assert.True(FileGroups.Of([]).MayEnd("x-wal"u8));
        Assert.False(FileGroups.Of([]).MayEnd("x.txt"u8));
        Assert.False(FileGroups.Of(["none"]).MayEnd("x-wal"u8));

        static IEnumerable<string> All(params string[] patterns) =>
            FileGroups.Of(patterns).All.Select(static g => string.Join('|', g.Select(Encoding.UTF8.GetString)));
    }
}
