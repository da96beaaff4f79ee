namespace Varve.Tests.Architecture;

public sealed class CodeTextTests
{
    [Theory]
    [InlineData("a // x\nb")]
    [InlineData("a /* x\n */ b")]
    [InlineData("a \"x\" b")]
    [InlineData("a \"\\\"x\" b")]
    [InlineData("a @\"x\"\"x\\\" b")]
    [InlineData("a \"\"\" x \" x \"\"\" b")]
    [InlineData("a $$\"\"\" x {{c}} x \"\"\" b")]
    [InlineData("a '\\'' /* x */ b")]
    [InlineData("a '\"' /* x */ b")]
    [InlineData("#pragma warning disable A // don't x\na b")]
    [InlineData("a $\"{{x}} {c} x\" b")]
    [InlineData("a $\"{c[\"x\"]} x\" b")]
    [InlineData("a $@\"{c} \"\"x\" b")]
    public void Comments_and_contents_of_strings_are_blanked(string source)
    {
        string code = CodeText.Read(source).Code;
        Assert.Equal(source.Length, code.Length);
        Assert.Equal(source.Count(c => c == '\n'), code.Count(c => c == '\n'));
        Assert.DoesNotContain('x', code);
        Assert.Contains('a', code);
        Assert.EndsWith("b", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Holes_of_interpolated_strings_stay_code() =>
        Assert.Contains("F(new { A = 1 })", CodeText.Read("$\"x {F(new { A = 1 })} x\"").Code, StringComparison.Ordinal);

    [Fact]
    public void Literals_stay_where_they_are_wanted() =>
        Assert.Equal("a \"x\"     ", CodeText.Read("a \"x\" // x").WithLiterals);

    [Theory]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("/*")]
    [InlineData("$\"{")]
    [InlineData("$\"{a")]
    [InlineData("@")]
    [InlineData("\"\"\"")]
    [InlineData("'\\")]
    [InlineData("\"\\")]
    public void Source_that_breaks_off_is_read_to_its_end(string source) =>
        Assert.Equal(source.Length, CodeText.Read(source).Code.Length);
}
