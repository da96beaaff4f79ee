using System.Text;
using Varve.Model;

namespace Varve.Store.Remote;

/// <summary>A listing as it comes over the line. Without a last line that has the number of objects it is cut short.</summary>
internal sealed class RemoteListing(
    HttpResponseMessage response, string prefix, Func<string, VarveException> nonsense, Func<string, VarveException> told) : IDisposable
{
    private const int LongestLine = 64 << 10;

    private readonly Stream _body = response.Content.ReadAsStream();
    private readonly byte[] _buffer = new byte[LongestLine];
    private int _begin, _end;
    private long _count;

    /// <summary>The next object; null behind the last. <paramref name="unreadable"/> is told what could not be listed.</summary>
    /// <exception cref="IOException">It is cut short.</exception>
    internal StoreObject? Next(Action<VarveException> unreadable)
    {
        while (true)
        {
            string line = Line();
            if (line == Protocol.End(_count)) { return null; }
            if (Protocol.ToldIn(line, Protocol.Failed) is { } failed) { throw told(failed); }
            if (Protocol.ToldIn(line, Protocol.Unreadable) is { } missing)
            {
                unreadable(told(missing));
                continue;
            }

            if (Protocol.Listed(line) is not { } found || !found.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                throw nonsense("a listing of what was not asked for");
            }

            _count++;
            return found;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _body.Dispose();
        response.Dispose();
    }

    private string Line()
    {
        while (true)
        {
            int at = _buffer.AsSpan(_begin, _end - _begin).IndexOf((byte)'\n');
            if (at >= 0)
            {
                string line = Encoding.UTF8.GetString(_buffer, _begin, at);
                _begin += at + 1;
                return line;
            }

            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
            if (_end == _buffer.Length) { throw nonsense("a line without an end"); }
            int read = _body.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0) { throw new IOException("the listing was cut short"); }
            _end += read;
        }
    }
}
