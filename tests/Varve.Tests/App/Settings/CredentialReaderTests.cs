using System.Text;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Values;
using Varve.Model;

namespace Varve.Tests.App.Settings;

public sealed class CredentialReaderTests
{
    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\n", "secret")]
    [InlineData("two\nlines\n", "two\nlines")]
    [InlineData(" spaces \n\n", " spaces \n")]
    public void A_password_loses_one_line_end_and_nothing_else(string content, string password) =>
        Assert.Equal(password, CredentialReader.Decode(Encoding.UTF8.GetBytes(content), "x"));

    [Fact]
    public void Empty_or_not_utf8_is_no_password()
    {
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => CredentialReader.Decode("\n"u8, "x")).Kind);
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => CredentialReader.Decode([0xFF, 0x41], "x")).Kind);
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => CredentialReader.Decode(new byte[(64 << 10) + 1], "x")).Kind);
    }

    [Fact]
    public void A_command_s_output_is_the_password_and_its_failure_is_named()
    {
        Assert.Equal("from command", Read("echo 'from command'").Password);
        Assert.Equal(ErrorKind.WrongKey, Assert.Throws<VarveException>(() => Read("exit 3")).Kind);
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Read("true")).Kind);
    }

    [Fact]
    public void A_missing_key_file_is_said_before_the_repository_is_asked()
    {
        var error = Assert.Throws<VarveException>(
            () => CredentialReader.Read(new CredentialSource(CredentialKind.KeyFile, "/nonexistent/k", "--key-file"), static _ => { }));
        Assert.Equal(ErrorKind.WrongKey, error.Kind);
        Assert.Contains("/nonexistent/k", error.Message);
    }

    private static Credentials Read(string command) =>
        CredentialReader.Read(new CredentialSource(CredentialKind.PasswordCommand, command, "--password-command"), static _ => { });
}
