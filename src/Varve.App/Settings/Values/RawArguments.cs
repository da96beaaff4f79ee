using System.Buffers;
using System.Text;
using Varve.Model;

namespace Varve.App.Settings.Values;

/// <summary>
/// Command-line arguments without loss. .NET decodes them as UTF-8 and puts U+FFFD where bytes are not, as many as it likes; paths are
/// bytes. So such arguments are read again from /proc/self/cmdline and each byte 0x80 to 0xFF that is not part of valid UTF-8 becomes the
/// lone surrogate U+DC80 to U+DCFF: a string the parser carries through, and <see cref="ToBytes"/> turns back into exactly those bytes.
/// </summary>
internal static class RawArguments
{
    private const char Replacement = '\uFFFD';
    private const int Escape = 0xDC00;

    /// <summary>The arguments, those that .NET could not decode recovered. Costs nothing when there are none.</summary>
    internal static string[] Recover(string[] args)
    {
        if (!Array.Exists(args, IsDecodedWithLoss)) { return args; }

        try { return Recover(args, File.ReadAllBytes("/proc/self/cmdline")); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("an argument"),
                "is not valid UTF-8, and /proc/self/cmdline cannot be read to get its bytes", Advice.MountProc, e);
        }
    }

    /// <summary>
    /// <paramref name="args"/> are the last of the NUL-terminated arguments in <paramref name="commandLine"/>: the program, and perhaps its
    /// host, come first.
    /// </summary>
    internal static string[] Recover(string[] args, ReadOnlySpan<byte> commandLine)
    {
        var result = new string[args.Length];
        ReadOnlySpan<byte> rest = commandLine.EndsWith((byte)0) ? commandLine[..^1] : commandLine;
        for (int i = args.Length - 1; i >= 0; i--)
        {
            int start = rest.LastIndexOf((byte)0) + 1;
            ReadOnlySpan<byte> bytes = rest[start..];
            // What .NET makes of bytes that are none is not compared: hosts differ in how many characters stand for a surrogate's.
            bool isIt = System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) == args[i] : IsDecodedWithLoss(args[i]);
            if (!isIt)
            {
                throw new VarveException(ErrorKind.Usage, Subject.Request("an argument"),
                    "is not valid UTF-8, and its bytes cannot be found in /proc/self/cmdline");
            }

            result[i] = FromBytes(bytes);
            rest = rest[..Math.Max(0, start - 1)];
        }

        return result;
    }

    /// <summary>The string that stands for the bytes.</summary>
    internal static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done) { text.Append(rune.ToString()); }
            else
            {
                for (int i = 0; i < length; i++) { text.Append((char)(Escape + bytes[i])); }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>The bytes an argument was typed as.</summary>
    internal static byte[] ToBytes(string argument)
    {
        var bytes = new ArrayBufferWriter<byte>(argument.Length + 8);
        ReadOnlySpan<char> rest = argument;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == OperationStatus.Done)
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            }
            else
            {
                bytes.GetSpan(1)[0] = (byte)(rest[0] - Escape);
                bytes.Advance(1);
            }

            rest = rest[length..];
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The argument, if it is text; <paramref name="what"/> names it in the error.</summary>
    internal static string Text(string argument, string what)
    {
        foreach (char c in argument)
        {
            if (c is >= (char)(Escape + 0x80) and <= (char)(Escape + 0xFF) && !IsText(argument))
            {
                throw new VarveException(ErrorKind.Usage, Subject.Request(what), $"is not valid UTF-8: {PathText.Of(ToBytes(argument))}");
            }
        }

        return argument;
    }

    /// <summary>Whether an argument may be other bytes than its characters say.</summary>
    private static bool IsDecodedWithLoss(string argument)
    {
        ReadOnlySpan<char> rest = argument;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != OperationStatus.Done || rune.Value == Replacement)
            {
                return true;
            }
            rest = rest[length..];
        }

        return false;
    }

    private static bool IsText(string argument) => System.Text.Unicode.Utf8.IsValid(ToBytes(argument));
}
