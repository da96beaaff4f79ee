using Varve.Model;

namespace Varve.Tests.Store.Remote;

/// <summary>Addresses say where, and what is wrong with them; none has a password.</summary>
public sealed class SshAddressTests
{
    [Theory]
    [InlineData("ssh://nas/srv/backup", "ssh://nas/srv/backup")]
    [InlineData("SSH://Ada@NAS:2222/srv/backup/", "ssh://Ada@nas:2222/srv/backup")]
    [InlineData("ssh://[2001:DB8::1]:22/srv", "ssh://[2001:DB8::1]:22/srv")]
    [InlineData("ssh://[fe80::1%eth0]/srv", "ssh://[fe80::1%eth0]/srv")]
    [InlineData("ssh://nas/~/backup", "ssh://nas/~/backup")]
    [InlineData("ssh://nas/a%20b%2fc%ff", "ssh://nas/a%20b/c%FF")]
    [InlineData("ssh://nas/\u00e4", "ssh://nas/%C3%A4")]
    [InlineData("SFTP://Ada@NAS:2222/srv/backup/", "sftp://Ada@nas:2222/srv/backup")]
    public void An_address_is_the_same_in_all_its_spellings(string text, string address)
    {
        var location = new RepositoryLocation(text);
        Assert.Equal(address, location.Address);
        Assert.True(location.IsRemote);
        Assert.Equal(address, new RepositoryLocation(address).Address);
        Assert.Equal(address, location.FullPath);
    }

    [Theory]
    [InlineData("ssh://nas", "has no path behind the host")]
    [InlineData("ssh://nas/", "names no directory")]
    [InlineData("ssh:///srv", "has no host")]
    [InlineData("ssh://-oProxyCommand=x/srv", "has no host that could be one")]
    [InlineData("ssh://-l@nas/srv", "has no user")]
    [InlineData("ssh://nas:0/srv", "has a port")]
    [InlineData("ssh://nas:x/srv", "has a port")]
    [InlineData("ssh://::1/srv", "not in brackets")]
    [InlineData("ssh://[::1/srv", "no ']'")]
    [InlineData("ssh://[nas]/srv", "no IPv6 address")]
    [InlineData("ssh://nas/a%2", "has a '%' in the path")]
    [InlineData("ssh://nas/a%00", "has a zero byte")]
    [InlineData("ssh://nas/a?b", "has a '?'")]
    public void What_is_wrong_with_one_is_said(string text, string what) => Assert.Contains(what, Wrong(text).Message);

    [Theory]
    [InlineData("ssh://ada:secret@nas/srv")]
    [InlineData("ssh://ada:sec/secret@nas/srv")]
    [InlineData("ssh://ada:secret@nas")]
    [InlineData("https://ada:secret@nas/srv")]
    [InlineData("s3://key:secret@bucket/x")]
    [InlineData("sftp://ada:sec@ret:secret@nas/x")]
    public void A_password_is_refused_and_never_printed(string text)
    {
        VarveException e = Wrong(text);
        Assert.DoesNotContain("secret", e.ToString());
        Assert.DoesNotContain("secret", e.Subject.Name);
    }

    [Theory]
    [InlineData("s3://bucket/x", "s3:")]
    [InlineData("https://nas/x", "https:")]
    [InlineData("rclone:x", "rclone:")]
    public void Of_other_kinds_of_stores_is_said_that_there_are_none(string text, string kind) =>
        Assert.Contains($"there is no store of the kind '{kind}'", Wrong(text).Message);

    [Theory]
    [InlineData("ssh://nas/it's %24HOME%0a", "'/it'\\''s $HOME\n'")]
    [InlineData("ssh://nas/~/backup", "'./backup'")]
    public void The_path_reaches_the_other_side_as_it_is(string text, string quoted) =>
        Assert.Equal(quoted, new RepositoryLocation(text).Ssh!.QuotedPath);

    [Theory]
    [InlineData("sftp://nas/it's %24HOME%ff", "/it's $HOME\u00ff")]
    [InlineData("sftp://nas/~/backup", "backup")]
    public void A_server_of_SFTP_is_given_the_path_as_it_is(string text, string served) =>
        Assert.Equal(served, System.Text.Encoding.Latin1.GetString(new RepositoryLocation(text).Ssh!.ServedPath));

    private static VarveException Wrong(string text)
    {
        VarveException e = Assert.Throws<VarveException>(() => new RepositoryLocation(text));
        Assert.Equal(ErrorKind.Usage, e.Kind);
        return e;
    }
}
