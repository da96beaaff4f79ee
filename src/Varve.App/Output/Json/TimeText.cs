using System.Text.Json.Serialization;
using Varve.Model;

namespace Varve.App.Output.Json;

/// <summary>A time as a member: RFC 3339 in UTC with nine decimals, or <c>@seconds.nanoseconds</c> outside the years 1 to 9999.</summary>
[JsonConverter(typeof(TimeTextConverter))]
internal readonly struct TimeText(FileTime time)
{
    private const long FirstSecond = -62135596800, LastSecond = 253402300799;

    /// <summary>More than any time needs.</summary>
    internal const int MostLetters = 40;

    /// <summary>Writes the text; gives how long it is.</summary>
    internal int Write(Span<char> text)
    {
        int length;
        if (time.Seconds is >= FirstSecond and <= LastSecond)
        {
            DateTimeOffset second = DateTimeOffset.FromUnixTimeSeconds(time.Seconds);
            text.TryWrite(null, $"{second:yyyy-MM-ddTHH:mm:ss}.{time.Nanoseconds:000000000}Z", out length);
        }
        else
        {
            text.TryWrite(null, $"@{time.Seconds}.{time.Nanoseconds:000000000}", out length);
        }

        return length;
    }

    public override string ToString()
    {
        Span<char> text = stackalloc char[MostLetters];
        return text[..Write(text)].ToString();
    }
}
