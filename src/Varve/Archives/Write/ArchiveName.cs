using System.Globalization;
using System.Text;

namespace Varve.Archives.Write;

/// <summary>Names of archives, by a template. Stateless.</summary>
internal static class ArchiveName
{
    /// <summary>What there must be in a template: two archives would have one name otherwise.</summary>
    internal const string Time = "{time}";

    /// <summary>Whether a template makes names: it has the time, no slash and no zero byte, and does not begin with a dot.</summary>
    internal static bool IsTemplate(ReadOnlySpan<byte> template) => template.IndexOf("{time}"u8) >= 0
        && template.IndexOfAny((byte)'/', (byte)0) < 0 && template[0] != (byte)'.';

    /// <summary>The ending of a format.</summary>
    internal static string Ending(ArchiveFormat format) => format switch
    {
        ArchiveFormat.TarZst => ".tar.zst",
        ArchiveFormat.TarGz => ".tar.gz",
        ArchiveFormat.Tar => ".tar",
        _ => ".zip",
    };

    /// <summary>The stem of a volume's name: what it has in common with the others of its archive; null if it is none's.</summary>
    internal static byte[]? StemOf(byte[] name, int volume)
    {
        byte[] number = Number(volume);
        foreach (ArchiveFormat format in Enum.GetValues<ArchiveFormat>())
        {
            byte[] end = [.. number, .. Encoding.ASCII.GetBytes(Ending(format))];
            if (name.AsSpan().EndsWith(end)) { return [.. name[..^end.Length], .. Encoding.ASCII.GetBytes(Ending(format))]; }
        }

        return null;
    }

    /// <summary>What stands before the ending of a volume's name: at least three digits, so that names sort as volumes do.</summary>
    private static byte[] Number(int volume) => Encoding.ASCII.GetBytes(volume.ToString("'.'000", CultureInfo.InvariantCulture));

    /// <summary>The name of an archive of <paramref name="name"/>, or of a volume of it.</summary>
    internal static byte[] Of(ArchiveOptions options, byte[] name, DateTimeOffset now, int? volume)
    {
        string time = TimeZoneInfo.ConvertTime(now, options.Zone).ToString("yyyy-MM-dd'T'HHmmss", CultureInfo.InvariantCulture);
        byte[] made = Replace(options.Template, "{name}"u8, name);
        made = Replace(made, "{host}"u8, Encoding.UTF8.GetBytes(options.Host.Replace('/', '_')));
        made = Replace(made, "{time}"u8, Encoding.ASCII.GetBytes(time));
        return [.. made, .. volume is { } number ? Number(number) : [], .. Encoding.ASCII.GetBytes(Ending(options.Format))];
    }

    private static byte[] Replace(byte[] text, ReadOnlySpan<byte> word, byte[] by)
    {
        int at = text.AsSpan().IndexOf(word);
        return at < 0 ? text : [.. text[..at], .. by, .. text[(at + word.Length)..]];
    }
}
