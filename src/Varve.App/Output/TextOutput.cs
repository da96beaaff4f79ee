using System.Text;

namespace Varve.App.Output;

/// <summary>
/// Standard output, buffered: UTF-8 text and raw bytes in the order written. Not thread-safe. Nothing is written before <see cref="Flush"/>
/// or 64 KiB.
/// </summary>
internal sealed class TextOutput(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _length;

    internal void Write(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            // Three bytes bound what one UTF-16 unit becomes.
            int room = (_buffer.Length - _length) / 3;
            if (room < 2)
            {
                Flush();
                continue;
            }

            int take = Math.Min(room, text.Length);
            if (take < text.Length && char.IsHighSurrogate(text[take - 1])) { take--; }

            _length += Encoding.UTF8.GetBytes(text[..take], _buffer.AsSpan(_length));
            text = text[take..];
        }
    }

    internal void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _length)
        {
            Flush();
            if (bytes.Length > _buffer.Length)
            {
                stream.Write(bytes);
                return;
            }
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    internal void WriteLine(string text = "")
    {
        Write(text);
        Write("\n");
    }

    /// <summary>A name as it is, ended by NUL.</summary>
    internal void WriteName(ReadOnlySpan<byte> name)
    {
        WriteBytes(name);
        WriteBytes("\0"u8);
    }

    internal void Flush()
    {
        if (_length == 0) { return; }
        int length = _length;
        _length = 0; // First: what could not be written is not tried again.
        stream.Write(_buffer.AsSpan(0, length));
        stream.Flush();
    }
}
