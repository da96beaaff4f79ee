using System.Text;
using System.Text.Json;
using Varve.App.Daemon.Notices;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Daemon;

/// <summary>Mails, as Python's parser reads them.</summary>
public sealed class MailTextTests : IDisposable
{
    private const string Judge = """
        import email, email.policy, json, sys
        m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
        print(json.dumps({"headers": m.keys(), "to": m["To"], "from": m["From"], "subject": m["Subject"], "text": m.get_content(),
            "defects": [str(d) for d in m.defects]}))
        """;

    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData("varve on here: docs failed", "line one\nline two\n")]
    [InlineData("varve on zürich: Bücher und 日本語 und noch viel mehr, damit es mehrere Wörter werden müssen", "größer\n")]
    [InlineData("=?utf-8?Q?no?=", ".\n..\nFrom me\n")]
    [InlineData("a\nBcc: eve@example.org", "x\n")]
    [InlineData("a\r\n\r\nbody", "x\n")]
    public void What_is_read_is_what_was_meant_and_nothing_becomes_a_header(string subject, string body)
    {
        File.WriteAllBytes(Path.Combine(_d.Path, "mail"), MailText.Of("ada@example.org", "v@example.org", subject, body));
        using var read = JsonDocument.Parse(Programs.Run("python3", "-c", Judge, Path.Combine(_d.Path, "mail")));
        JsonElement mail = read.RootElement;
        Assert.Equal(["To", "From", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted"],
            mail.GetProperty("headers").EnumerateArray().Select(static h => h.GetString()!));
        Assert.Equal("ada@example.org", mail.GetProperty("to").GetString());
        Assert.Equal(subject.ReplaceLineEndings(" "), mail.GetProperty("subject").GetString());
        Assert.Equal(body, mail.GetProperty("text").GetString()!.TrimEnd('\n') + "\n");
        Assert.Equal(0, mail.GetProperty("defects").GetArrayLength());
    }

    [Fact]
    public void No_line_is_longer_than_mail_allows()
    {
        string mail = Encoding.UTF8.GetString(MailText.Of("a@b", null, new string('ü', 5000), new string('x', 5000)));
        Assert.All(mail.Split('\n'), static l => Assert.InRange(Encoding.UTF8.GetByteCount(l), 0, 998));
    }
}
