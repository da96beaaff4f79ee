using System.Text;
using Varve.App.Settings.Values;
using Varve.Model;

namespace Varve.Tests.App.Settings;

public sealed class RawArgumentsTests
{
    [Fact]
    public void Any_bytes_survive_the_way_through_a_string()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                // Mostly valid UTF-8 with a wound.
                bytes = Encoding.UTF8.GetBytes("aé€😀z" + (char)random.Next(0x20, 0xD800));
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            Assert.Equal(bytes, RawArguments.ToBytes(RawArguments.FromBytes(bytes)));
        }
    }

    [Fact]
    public void Valid_text_stays_itself() => Assert.Equal("a é 😀 \uFFFD", RawArguments.FromBytes(Encoding.UTF8.GetBytes("a é 😀 \uFFFD")));

    [Fact]
    public void Arguments_are_the_last_ones_of_the_process_s_command_line()
    {
        byte[] line = [.. "/usr/bin/dotnet\0varve.dll\0backup\0a"u8, 0xFF, .. "b\0"u8, 0, .. "-x\0"u8];
        string[] args = ["backup", "a\uFFFDb", "", "-x"];
        string[] recovered = RawArguments.Recover(args, line);
        Assert.Equal(["backup", RawArguments.FromBytes([(byte)'a', 0xFF, (byte)'b']), "", "-x"], recovered);
        Assert.Equal([(byte)'a', 0xFF, (byte)'b'], RawArguments.ToBytes(recovered[1]));
    }

    [Theory]
    [InlineData("\uFFFD")] // what a host puts for the three bytes of a surrogate, one character or several
    [InlineData("\uFFFD\uFFFD\uFFFD")]
    [InlineData("\uD800")]
    public void A_surrogate_in_UTF8_is_recovered_whatever_the_host_made_of_it(string decoded)
    {
        byte[] line = [.. "varve\0backup\0"u8, 0xED, 0xA0, 0x80, 0];
        string[] recovered = RawArguments.Recover(["backup", decoded], line);
        Assert.Equal([0xED, 0xA0, 0x80], RawArguments.ToBytes(recovered[1]));
    }

    [Fact]
    public void A_command_line_that_does_not_fit_is_refused_rather_than_guessed() =>
        Assert.Throws<VarveException>(() => RawArguments.Recover(["a\uFFFD"], "other\0"u8));

    [Fact]
    public void Arguments_without_damage_are_left_alone()
    {
        string[] args = ["a", "é"];
        Assert.Same(args, RawArguments.Recover(args));
    }

    [Fact]
    public void What_must_be_text_is_refused_when_it_is_not()
    {
        Assert.Equal("é💀", RawArguments.Text("é💀", "x")); // The second unit of this one lies where escaped bytes do.
        var error = Assert.Throws<VarveException>(() => RawArguments.Text(RawArguments.FromBytes([0x61, 0x80]), "--repo"));
        Assert.Equal(@"--repo is not valid UTF-8: a\x80", error.Message);
    }
}
