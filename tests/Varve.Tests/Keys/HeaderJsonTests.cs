using System.Text;
using Varve.Keys;
using Varve.Model;

namespace Varve.Tests.Keys;

public sealed class HeaderJsonTests
{
    private const string Good =
        """{"varve":1,"repository":"000102030405060708090a0b0c0d0e0f","created":"2026-11-22T10:00:00Z","packSize":33554432,"blockSize":4194304,"chunkMin":32768,"chunkAverage":131072,"chunkMax":524288}""";

    private static RepositoryHeader Decode(string json) => HeaderJson.Decode(Encoding.UTF8.GetBytes(json));

    private static VarveException Fails(string json, ErrorKind kind)
    {
        var e = Assert.Throws<VarveException>(() => Decode(json));
        Assert.Equal(kind, e.Kind);
        Assert.Equal(Subject.None, e.Subject);
        return e;
    }

    [Fact]
    public void The_JSON_is_that_of_the_format()
    {
        Assert.True(RepositoryId.TryParse("000102030405060708090a0b0c0d0e0f", out RepositoryId id));
        RepositoryHeader header = RepositoryHeader.Create(id, "2026-11-22T10:00:00Z");
        Assert.Equal(Good, Encoding.UTF8.GetString(HeaderJson.Encode(header)));
        Assert.Equal(header, Decode(Good));
    }

    [Fact]
    public void Unknown_members_are_ignored()
    {
        string lengthy = new('x', 2_000);
        foreach (string value in (string[])["""{"a":[1,2]}""", "1.5", "null", $"\"{lengthy}\"", "\"\\u0085\"", "[[[[[[[0]]]]]]]"])
        {
            Assert.Equal(Decode(Good), Decode(Good.Replace("{", $"{{\"new\":{value},", StringComparison.Ordinal)));
        }

        Fails(Good.Replace("{", "{\"new\":[[[[[[[[0]]]]]]]],", StringComparison.Ordinal), ErrorKind.Damaged);
    }

    [Fact]
    public void A_newer_format_says_to_upgrade_whatever_else_it_says()
    {
        VarveException e = Fails("""{"varve":2,"everything":"else"}""", ErrorKind.Unsupported);
        Assert.Equal("is of format 2, which is newer than what this program reads (1)", e.Message);
        Assert.Equal(Advice.Upgrade, e.Advice);
    }

    [Theory]
    [InlineData("\"varve\":1", "\"varve\":0")]
    [InlineData("\"varve\":1", "\"varve\":1.5")]
    [InlineData("\"varve\":1", "\"varve\":99999999999")]
    [InlineData("\"varve\":1", "\"varve\":\"1\"")]
    [InlineData("\"varve\":1,", "")]
    [InlineData("\"varve\":1,", "\"varve\":1,\"varve\":1,")]
    [InlineData("000102", "00010")]
    [InlineData("000102", "0001zz")]
    [InlineData("\"2026-11-22T10:00:00Z\"", "\"yesterday\"")]
    [InlineData("\"2026-11-22T10:00:00Z\"", "\"\\ud800\"")]
    [InlineData("\"2026-11-22T10:00:00Z\"", "null")]
    [InlineData("\"varve\":1,", "\"varve\":1,\"\\ud800\":1,")]
    // Read more loosely than docs/format.md has it, each of these was a header once.
    [InlineData("\"2026-11-22T10:00:00Z\"", "\"22 Nov 2026\"")]
    [InlineData("\"2026-11-22T10:00:00Z\"", "\"10:00\"")]
    [InlineData("\"2026-11-22T10:00:00Z\"", "\"2026-11-22T10:00:00\"")]
    [InlineData("\"2026-11-22T10:00:00Z\"", "\"2026-11-22 10:00:00Z\"")]
    [InlineData("\"2026-11-22T10:00:00Z\"", "\"2026-11-22T10:00:00+1:00\"")]
    [InlineData("33554432", "33554432.0")]
    [InlineData("33554432", "1e3")]
    [InlineData("33554432", "0")]
    [InlineData("33554432", "-1")]
    [InlineData("33554432", "4294967296")]
    [InlineData("4194304", "33554433")]
    [InlineData("32768", "0")]
    [InlineData("32768", "131073")]
    [InlineData("131072", "524289")]
    [InlineData("524288", "16777217")]
    [InlineData("{", "[")]
    [InlineData("}", "")]
    [InlineData("}", "}}")]
    public void Nonsense_is_damage_of_varve(string what, string by)
    {
        string bad = Good.Replace(what, by, StringComparison.Ordinal);
        Assert.NotEqual(Good, bad);
        Fails(bad, ErrorKind.Damaged);
    }

    [Fact]
    public void Hostile_bytes_are_damage()
    {
        Fails("", ErrorKind.Damaged);
        Fails("null", ErrorKind.Damaged);
        Fails(new string('[', 60_000), ErrorKind.Damaged);
        Fails(Good + new string(' ', 64 << 10), ErrorKind.Damaged);
        Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => HeaderJson.Decode([0xFF, 0xFE, 0])).Kind);
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(Good);
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try { HeaderJson.Decode(bytes); }
            catch (VarveException e) { Assert.True(e.Kind is ErrorKind.Damaged or ErrorKind.Unsupported); }
        }
    }
}
