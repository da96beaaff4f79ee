using System.Globalization;
using System.Text;
using Varve.App.Output;

namespace Varve.Tests.App.Output;

public sealed class NameTextTests
{
    [Theory]
    [InlineData("plain name.txt", "plain name.txt")]
    [InlineData("grün 日本 😀", "grün 日本 😀")]
    [InlineData("a\\b", @"a\\b")]
    [InlineData("a\nb\tc\rd", @"a\nb\tc\rd")]
    [InlineData("\e[31m", @"\x1b[31m")]
    [InlineData("\u0085", @"\xc2\x85")]
    [InlineData("\u202Eevil", @"\xe2\x80\xaeevil")]
    [InlineData("\u2028", @"\xe2\x80\xa8")]
    [InlineData("\u007F", @"\x7f")]
    [InlineData("-rf", "-rf")]
    public void A_terminal_sees_no_control_character(string name, string text) => Assert.Equal(text, NameText.Escape(name));

    [Fact]
    public void Invalid_utf8_shows_as_its_bytes() => Assert.Equal(@"a\xff\xe2\x82z", NameText.Escape([0x61, 0xFF, 0xE2, 0x82, 0x7A]));

    [Fact]
    public void The_text_tells_the_bytes()
    {
        var random = new Random(2);
        byte[] alphabet = [0x0A, 0x1B, 0x20, 0x41, 0x5C, 0x6E, 0x78, 0x7F, 0x80, 0xC3, 0xA9, 0xE2, 0x80, 0xAE, 0xFF];
        for (int i = 0; i < 20_000; i++)
        {
            var name = new byte[random.Next(10)];
            for (int k = 0; k < name.Length; k++) { name[k] = alphabet[random.Next(alphabet.Length)]; }

            string text = NameText.Escape(name);
            Assert.DoesNotContain(text, char.IsControl);
            Assert.Equal(name, Unescape(text));
        }
    }

    [Fact]
    public void A_message_keeps_its_backslashes_and_loses_its_control_characters() =>
        Assert.Equal(@"a\\b \x1b[0m é", NameText.Printable("a\\\\b \e[0m é"));

    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                int length = char.IsHighSurrogate(text[i]) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)));
                i += length - 1;
                continue;
            }

            char kind = text[++i];
            bytes.Add(kind switch
            {
                '\\' => (byte)'\\',
                'n' => (byte)'\n',
                't' => (byte)'\t',
                'r' => (byte)'\r',
                _ => byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            });
            i += kind == 'x' ? 2 : 0;
        }

        return [.. bytes];
    }
}
