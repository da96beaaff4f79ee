using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Keys;

/// <summary>
/// Takes a paper key line by line, as it is typed or stands in a file, so that each line is looked at when it comes. Not thread-safe.
/// Disposing zeroes what it took.
/// </summary>
internal sealed class PaperKeyLines : IDisposable
{
    private const string Prefix = "varve-paper-", Version = "1";

    private byte[] _bytes = new byte[PaperLine.MostBytes];
    private int _length;

    /// <summary>The number of the line that comes next, from 1.</summary>
    internal int Next { get; private set; } = 1;

    /// <summary>How many lines there are; 0 as long as the first is missing, which says it.</summary>
    internal int Count => _length == 0 ? 0 : ((_bytes.Length - 1) / PaperLine.MostBytes) + 1;

    /// <summary>Nothing is missing.</summary>
    internal bool IsWhole => _length == _bytes.Length;

    /// <summary>
    /// Takes a line. The first one of a paper key, comments, and lines without a letter or digit (a drawing) are passed over. The text of
    /// the QR code is a paper key in one line. After an error the same line can be given again.
    /// </summary>
    /// <exception cref="VarveException">WrongKey: what is wrong with which line. Unsupported: a paper key of another version.</exception>
    internal void Add(string line)
    {
        ReadOnlySpan<char> text = line.AsSpan().Trim(" \t\r");
        if (text.IsEmpty || text[0] == '#' || !HasDigit(text)) { return; }
        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            Begin(text[Prefix.Length..]);
            return;
        }

        if (IsWhole) { throw PaperLine.Wrong(Next, $"is one too many: this paper key has {Count}"); }
        int length = Math.Min(PaperLine.MostBytes, _bytes.Length - _length);
        PaperLine.Read(line, Next, _bytes.AsSpan(_length, length));
        if (_length == 0) { Size(); }
        _length += length;
        Next++;
    }

    /// <summary>The key; the lines are all there.</summary>
    /// <exception cref="VarveException">WrongKey: lines are missing, or not of one paper key.</exception>
    internal PaperKey Finish()
    {
        if (_length == 0) { throw NoPaperKey("it has no line of one"); }
        return IsWhole ? PaperKey.Decode(_bytes) : throw PaperLine.Wrong(Next, $"is missing, of {Count}");
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>The first line, and perhaps all the rest behind a colon.</summary>
    private void Begin(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        ReadOnlySpan<char> version = colon < 0 ? text : text[..colon];
        if (version is not Version)
        {
            throw version.IsEmpty || version.ContainsAnyExceptInRange('0', '9') ? NoPaperKey($"it does not begin with '{Prefix}{Version}'")
                : new VarveException(ErrorKind.Unsupported, Subject.Request("the paper key"), "has a version that this program does not know",
                Advice.Upgrade);
        }

        if (_length > 0) { throw NoPaperKey("a second one begins in it"); }
        if (colon >= 0) { TakeAll(text[(colon + 1)..]); }
    }

    private void TakeAll(ReadOnlySpan<char> digits)
    {
        var bytes = new byte[digits.Length * 5 / 8];
        foreach (char c in digits)
        {
            if (!PaperDigits.IsDigit(c)) { throw NoPaperKey($"it has a '{c}', which no paper key has"); }
        }

        if (bytes.Length < PaperLine.MostBytes || PaperDigits.Count(bytes.Length) != digits.Length
            || !PaperDigits.TryRead(digits, bytes))
        {
            throw NoPaperKey("it is cut short");
        }

        if (PaperKey.LengthOf(bytes) != bytes.Length) { throw NoPaperKey("it is cut short, or too long"); }
        _bytes = bytes;
        _length = bytes.Length;
        Next = Count + 1;
    }

    /// <summary>The first bytes tell how many there are.</summary>
    private void Size()
    {
        int size = PaperKey.LengthOf(_bytes);
        if (size == _bytes.Length) { return; }
        byte[] before = _bytes;
        _bytes = new byte[size];
        before.AsSpan(0, Math.Min(size, before.Length)).CopyTo(_bytes);
        CryptographicOperations.ZeroMemory(before);
    }

    private static bool HasDigit(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c)) { return true; }
        }

        return false;
    }

    private static VarveException NoPaperKey(string why) =>
        new(ErrorKind.WrongKey, Subject.Request("the text"), $"is no paper key: {why}", Advice.GivePaperKey);
}
