using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Varve.App.Host;
using Varve.App.Settings.Configuration;
using Varve.Platform;

namespace Varve.App.Daemon.Notices;

/// <summary>A way to tell somebody. Used by one thread.</summary>
internal sealed class Channel(NotifyTarget target, string host, Func<string, string?> environment)
{
    private const int MostInput = 60_000; // less than a pipe holds

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1), s_answer = TimeSpan.FromSeconds(30);

    /// <summary>The same for the same target, and of no use to who wants to know it.</summary>
    internal string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{target.Kind} {target.Value}")))[..16];

    /// <summary>What it is, without what is a secret.</summary>
    internal string Label => target.Label;

    /// <summary>Tells it; null if that went well, else what is wrong.</summary>
    internal string? Send(NoticeData notice, CancellationToken cancelled) => target.Kind switch
    {
        ConfigKeys.Webhook => WebCall.Post(target.Value, Posted(notice), "application/json", s_answer, cancelled),
        // Where it is on most systems is not where users look for programs.
        ConfigKeys.Mail => Run("PATH=\"$PATH:/usr/sbin:/usr/lib\"; exec sendmail -i -- \"$MAIL_TO\"",
            [("MAIL_TO", Bytes(target.Value))],
            MailText.Of(target.Value, target.From, NoticeText.Subject(notice, host), NoticeText.Body(notice, host)), cancelled),
        _ => Run(target.Value,
        [
            ("VARVE_EVENT", Bytes(notice.Event)), ("VARVE_JOB", Bytes(notice.Job)), ("VARVE_KIND", Bytes(notice.Kind)),
            ("VARVE_SUBJECT", Bytes(NoticeText.Subject(notice, host))), ("VARVE_MESSAGE", Bytes(notice.Message)),
            ("VARVE_LAST_GOOD", Bytes(notice.LastGood is { } good ? NoticeText.Stamp(good) : null)),
        ], Bytes(NoticeText.Body(notice, host))!, cancelled),
    };

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private byte[] Posted(NoticeData notice) =>
        JsonSerializer.SerializeToUtf8Bytes(NoticeText.Posted(notice, host), NoticeShapes.Default.NoticeBody);

    private string? Run(string command, IReadOnlyList<(string, byte[]?)> variables, byte[] input, CancellationToken cancelled)
    {
        try
        {
            CommandEnd end = new GuardedCommand
            {
                Command = command, Environment = environment, Variables = variables, Limit = s_limit,
                Input = input.Length <= MostInput ? input : input[..MostInput],
            }.Run(cancelled);
            return end.IsGood ? null : "the command " + end.Text;
        }
        catch (VarveException e) { return Errno.Part(e.Message); }
    }
}
