using System.Text;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Settings.Configuration;

/// <summary>Reads the configuration file; <see cref="ConfigParser"/> knows what may stand in it.</summary>
internal static class ConfigReader
{
    /// <summary>
    /// The file somebody <paramref name="named"/>, or else the default one if it exists; null if there is none. <c>~</c> in it stands for
    /// <paramref name="home"/>.
    /// </summary>
    internal static ConfigFile? Find(string? named, string? byDefault, string? home)
    {
        string? file = named ?? byDefault;
        if (file is null || (named is null && !File.Exists(file))) { return null; }
        using TrustedFile opened = TrustedFile.Open(file, isSecret: false);
        if (opened.Problem is { } problem)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(file), $"the configuration is not used: {problem}",
                Advice.CloseToOthers);
        }

        var bytes = new byte[ConfigYaml.MaxLength + 1];
        int length = 0, errno = opened.Errno;
        if (errno == 0) { errno = opened.Read(bytes, out length); }
        if (errno != 0) { throw Unreadable(file, Errno.Message(errno)); }
        ReadOnlySpan<byte> text = bytes.AsSpan(0, length);
        if (text.StartsWith(Encoding.UTF8.Preamble)) { text = text[Encoding.UTF8.Preamble.Length..]; }
        try { return ConfigParser.Parse(file, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text), home); }
        catch (DecoderFallbackException e) { throw Unreadable(file, e.Message); }
    }

    private static VarveException Unreadable(string file, string why) =>
        new(ErrorKind.Usage, Subject.Configuration(file), $"the configuration cannot be read: {why}", Advice.OtherConfiguration);
}
