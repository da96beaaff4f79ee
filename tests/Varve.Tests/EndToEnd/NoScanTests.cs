using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Marks by hand of what backups do not enter.</summary>
public sealed class NoScanTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly string _source, _letters;

    public NoScanTests()
    {
        _source = _desk.Source();
        _letters = _source + "/letters";
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void What_is_marked_is_left_out_of_the_next_backup_and_comes_back_when_the_mark_goes()
    {
        _desk.Varve.Succeed("backup", _source);
        Assert.Contains("to-anna.txt", _desk.Varve.Succeed("ls", "-R", "latest").Text, StringComparison.Ordinal);
        Assert.Contains("marked", _desk.Varve.Succeed("noscan", _letters).Text, StringComparison.Ordinal);
        VarveResult marked = _desk.Varve.Succeed("backup", "--json", _source);
        Assert.DoesNotContain("letters", _desk.Varve.Succeed("ls", "-R", "latest").Text, StringComparison.Ordinal);
        Assert.Equal(0, marked.Json[^1].GetProperty("failed").GetInt64());

        string why = _desk.Varve.Run("why", _letters + "/to-anna.txt").Expect(1).Text;
        Assert.Contains("noscan, line 2", why, StringComparison.Ordinal);
        Assert.Equal(_letters + "\n", _desk.Varve.Succeed("noscan").Text);

        _desk.Varve.Succeed("noscan", "--remove", _letters);
        FileClock.Settle();
        _desk.Varve.Succeed("backup", _source);
        Assert.Contains("to-anna.txt", _desk.Varve.Succeed("ls", "-R", "latest").Text, StringComparison.Ordinal);
        VarveResult none = _desk.Varve.Succeed("noscan");
        Assert.Contains("no directory is marked", none.Text + none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_rule_takes_a_mark_back()
    {
        _desk.Varve.Succeed("noscan", _letters);
        _desk.Varve.Succeed("backup", _source, "--include", "letters/", "--include", _letters);
        Assert.DoesNotContain("letters", _desk.Varve.Succeed("ls", "-R", "latest").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b*c?[d]\\ ")]
    [InlineData("!not #one")]
    [InlineData("line\nbreak")]
    [InlineData("\u00e9t\u00e9")]
    public void Whatever_a_directory_is_called_it_alone_is_left_out(string name)
    {
        Directory.CreateDirectory(Path.Combine(_source, name));
        File.WriteAllText(Path.Combine(_source, name, "inside"), "");
        Directory.CreateDirectory(Path.Combine(_source, "a bxc1d"));
        File.WriteAllText(Path.Combine(_source, "a bxc1d", "outside"), "");
        _desk.Varve.Succeed("noscan", Path.Combine(_source, name));
        _desk.Varve.Succeed("backup", _source);
        string list = _desk.Varve.Succeed("ls", "-R", "latest").Text;
        Assert.DoesNotContain("inside", list, StringComparison.Ordinal);
        Assert.Contains("outside", list, StringComparison.Ordinal);
        _desk.Varve.Succeed("noscan", "--remove", Path.Combine(_source, name));
        _desk.Varve.Succeed("backup", _source);
        Assert.Contains("inside", _desk.Varve.Succeed("ls", "-R", "latest").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_can_be_marked()
    {
        byte[] odd = ZooPosix.Path(_source, [0xFE, (byte)'d']);
        ZooPosix.MakeDirectory(odd);
        ZooPosix.WriteFile([.. odd, .. "/inside"u8], []);
        _desk.Varve.Succeed("noscan", odd);
        _desk.Varve.Succeed("backup", _source);
        Assert.DoesNotContain("inside", _desk.Varve.Succeed("ls", "-R", "latest").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_is_recorded_elsewhere_is_marked_by_where_it_is_read()
    {
        _desk.Varve.Succeed("noscan", _letters);
        _desk.Varve.Succeed("backup", _source, "--as", "/srv/documents");
        Assert.DoesNotContain("letters", _desk.Varve.Succeed("ls", "-R", "latest").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_marks_what_it_leads_to()
    {
        File.CreateSymbolicLink(_desk["link"], _letters);
        _desk.Varve.Succeed("noscan", _desk["link"]);
        Assert.Equal(_letters + "\n", _desk.Varve.Succeed("noscan").Text);
    }

    [Fact]
    public void What_is_no_directory_or_not_marked_is_said()
    {
        Assert.Contains("is no directory", _desk.Varve.Run("noscan", _source + "/report.odt").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("no such file", _desk.Varve.Run("noscan", _source + "/none").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("PATH is missing", _desk.Varve.Run("noscan", "--remove").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("had no mark", _desk.Varve.Run("noscan", "--remove", _letters).Expect(1).Text, StringComparison.Ordinal);
        _desk.Varve.Succeed("noscan", _letters);
        Assert.Contains("was marked already", _desk.Varve.Succeed("noscan", _letters).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_somebody_wrote_into_the_list_stay()
    {
        Directory.CreateDirectory(_desk["home/.config/varve"]);
        _desk.Write("home/.config/varve/noscan", "# mine\n*.iso\n");
        _desk.Varve.Succeed("noscan", _letters);
        _desk.Varve.Succeed("noscan", "--remove", _letters);
        Assert.Equal("# mine\n*.iso\n", File.ReadAllText(_desk["home/.config/varve/noscan"]));
    }
}
