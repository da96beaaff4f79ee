using System.Globalization;
using System.Net;
using System.Text;
using Varve.Model;
using Varve.Store.Lines;

namespace Varve.Store.Remote;

/// <summary>
/// A store that another process serves over a line: each method is a request (docs/remote.md). Requests that a lost line leaves without an
/// answer are sent again: all of them may be repeated. Thread-safe; callers wait on their own threads.
/// </summary>
/// <remarks>
/// Of a repeated put nobody knows whether the earlier one was carried out. It returns false then, as if another had put the object; for
/// mutable objects, whose makers must know whose stands, the bytes are compared.
/// </remarks>
internal sealed class RemoteStore : IStore, INamesSessions, IDisposable
{
    private readonly RemoteCalls _calls;
    private readonly OwnedNames _names = new();
    private readonly string? _spool;

    private RemoteStore(RemoteCalls calls, string? spool) => (_calls, _spool) = (calls, spool);

    /// <inheritdoc/>
    public string Description => _calls.Store;

    /// <inheritdoc/>
    public TimeSpan Lateness { get; private set; }

    /// <inheritdoc/>
    public bool EndsWithCaller => false;

    /// <summary>Opens the store at the other end of a line, or makes it.</summary>
    /// <param name="line">Leads there.</param>
    /// <param name="description">Where it is, for messages.</param>
    /// <param name="spool">Directory of this user alone for objects that wait for their names; null keeps them in memory.</param>
    /// <param name="create">Makes the directory there if it is missing.</param>
    /// <param name="time">Counts pauses.</param>
    /// <param name="retrying">How long a lost line is tried again.</param>
    /// <exception cref="VarveException">NoRepository, Storage.</exception>
    internal static RemoteStore Open(IStoreLine line, string description, string? spool, bool create, TimeProvider time,
        Retrying retrying = default)
    {
        var store = new RemoteStore(new RemoteCalls(line, description, time, retrying), spool);
        try
        {
            Dictionary<string, string> facts =
                Protocol.Facts(store.Ask(create ? HttpMethod.Post : HttpMethod.Get, Protocol.Store, static r => RemoteCalls.Text(r)));
            if (line.Server is not null && !facts.ContainsKey(Protocol.Mode)) { throw store._calls.NotServed("it says nothing of a store"); }
            if (long.TryParse(facts.GetValueOrDefault(Protocol.Lateness), NumberStyles.None, CultureInfo.InvariantCulture, out long late))
            {
                store.Lateness = TimeSpan.FromMilliseconds(Math.Min(late, uint.MaxValue));
            }

            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string CreateName() => _names.Create();

    /// <inheritdoc/>
    public bool TryGetLength(string key, out long length)
    {
        StoreKey.Check(key);
        long? found = Ask(HttpMethod.Head, Protocol.Objects + key, r => r.StatusCode == HttpStatusCode.NotFound ? (long?)null : Length(r));
        length = found ?? 0;
        return found is not null;
    }

    /// <inheritdoc/>
    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.Check(key);
        byte[] copy = bytes.ToArray();
        return Put(key, () => new ByteArrayContent(copy), replace: false, copy);
    }

    /// <inheritdoc/>
    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.CheckMutable(key);
        byte[] copy = bytes.ToArray();
        Put(key, () => new ByteArrayContent(copy), replace: true, copy);
    }

    /// <inheritdoc/>
    public IStagedObject Stage() => _spool is null ? new BufferedObject(this)
        : new SpooledObject(_spool, (key, file, length) => Put(key, () => new FileContent(file, length), replace: false, bytes: null));

    /// <summary><paramref name="content"/> makes the bytes anew for each try.</summary>
    private bool Put(string key, Func<HttpContent> content, bool replace, byte[]? bytes) =>
        Ask(HttpMethod.Put, Protocol.Objects + key + (replace ? "?replace" : ""), (response, failed) =>
            response.StatusCode == HttpStatusCode.Created || (failed > 0 && bytes is not null && StoreKey.IsMutable(key)
                && Get(key, bytes.Length) is { } there && there.AsSpan().SequenceEqual(bytes)), content, _names.SecretOf(key));

    /// <inheritdoc/>
    public byte[]? Get(string key, long maxLength)
    {
        StoreKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        for (Attempts attempts = _calls.Begin(); ;)
        {
            byte[] bytes;
            int read = 0;
            try
            {
                using HttpResponseMessage response = _calls.Send(HttpMethod.Get, Protocol.Objects + key
                    + string.Create(CultureInfo.InvariantCulture, $"?max={maxLength}"));
                if (response.StatusCode == HttpStatusCode.NotFound) { return null; }
                long length = Length(response);
                if (length > Math.Min(maxLength, Array.MaxLength)) { throw Nonsense("an object that is longer than was asked for"); }
                bytes = new byte[length];
                try
                {
                    using Stream body = response.Content.ReadAsStream();
                    ReadAll(body, bytes, ref read);
                    return bytes;
                }
                catch (IOException) when (read > 0 && !StoreKey.IsMutable(key)) { /* the rest is asked for below */ }
            }
            catch (Exception e) when (RemoteCalls.IsOfLine(e))
            {
                attempts.WaitAfter(e);
                continue;
            }

            GetRange(key, read, bytes.AsSpan(read));
            return bytes;
        }
    }

    /// <inheritdoc/>
    public int GetRange(string key, long offset, Span<byte> destination)
    {
        StoreKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int done = 0, most = int.MaxValue;
        for (Attempts attempts = _calls.Begin(); ;)
        {
            Span<byte> rest = destination[done..];
            Span<byte> piece = rest[..Math.Min(rest.Length, most)];
            int read = 0;
            try
            {
                using HttpResponseMessage response = _calls.Send(HttpMethod.Get, Protocol.Objects + key
                    + string.Create(CultureInfo.InvariantCulture, $"?offset={offset + done}&length={piece.Length}"));
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    throw new VarveException(ErrorKind.NotFound, Subject.Object(key, Description), "does not exist");
                }

                if (Length(response) != piece.Length) { throw Nonsense("another range than was asked for"); }
                using Stream body = response.Content.ReadAsStream();
                ReadAll(body, piece, ref read);
                done += read;
                if (done == destination.Length) { return done; }
            }
            catch (Exception e) when (RemoteCalls.IsOfLine(e))
            {
                // What is asked for in pieces that are read before they are sent comes with its error.
                done += read;
                most = Protocol.WholeMost;
                attempts.WaitAfter(e);
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix) => List(prefix, "", null);

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix, Action<VarveException> unreadable) => List(prefix, "&unreadable", unreadable);

    /// <inheritdoc/>
    public bool Delete(string key)
    {
        StoreKey.Check(key);
        // One that was removed by a request that nobody answered was there.
        return Ask(HttpMethod.Delete, Protocol.Objects + key, static (r, failed) => r.StatusCode != HttpStatusCode.NotFound || failed > 0,
            null, _names.SecretOf(key));
    }

    /// <inheritdoc/>
    public int Delete(IReadOnlyCollection<string> keys)
    {
        int removed = 0;
        string[] all = [.. keys];
        foreach (string key in all) { StoreKey.Check(key); }
        for (int begin = 0; begin < all.Length; begin += Protocol.DeletionsMost)
        {
            int count = Math.Min(Protocol.DeletionsMost, all.Length - begin);
            string lines = string.Join('\n', all, begin, count);
            removed += (int)Math.Min(count, Number(Ask(HttpMethod.Post, Protocol.Deletion, static r => RemoteCalls.Text(r),
                () => new StringContent(lines, Encoding.ASCII))) ?? 0);
        }

        return removed;
    }

    /// <inheritdoc/>
    public int CleanUp() =>
        (int)Math.Min(int.MaxValue, Number(Ask(HttpMethod.Post, Protocol.CleaningUp, static r => RemoteCalls.Text(r))) ?? 0);

    /// <inheritdoc/>
    public long? FreeBytes() => Number(Ask(HttpMethod.Get, Protocol.Free, static r => RemoteCalls.Text(r)));

    /// <summary>Ends the line.</summary>
    public void Dispose() => _calls.Dispose();

    private IEnumerable<StoreObject> List(string prefix, string query, Action<VarveException>? unreadable)
    {
        StoreKey.CheckPrefix(prefix);
        long listed = 0;
        for (Attempts attempts = _calls.Begin(); ;)
        {
            RemoteListing? listing = null;
            try
            {
                HttpResponseMessage response = _calls.Send(HttpMethod.Get, $"{Protocol.Listing}?prefix={prefix}{query}");
                listing = new RemoteListing(response, prefix, Nonsense,
                    text => Protocol.Decode(text, Description, _calls.Host));
            }
            catch (Exception e) when (RemoteCalls.IsOfLine(e))
            {
                attempts.WaitAfter(e);
                continue;
            }

            using (listing)
            {
                while (true)
                {
                    StoreObject? next;
                    try { next = listing.Next(e => unreadable?.Invoke(e)); }
                    catch (Exception e) when (RemoteCalls.IsOfLine(e))
                    {
                        if (listed > 0) { throw _calls.Lost(e); } // what was told is not told twice
                        attempts.WaitAfter(e);
                        break;
                    }

                    if (next is null) { yield break; }
                    listed++;
                    yield return next.Value;
                }
            }
        }
    }

    private T Ask<T>(HttpMethod method, string path, Func<HttpResponseMessage, T> read, Func<HttpContent>? content = null) =>
        Ask(method, path, (response, _) => read(response), content, owner: null);

    /// <summary>Asks until there is an answer; <paramref name="read"/> gets it, and how many requests were lost before.</summary>
    private T Ask<T>(HttpMethod method, string path, Func<HttpResponseMessage, int, T> read, Func<HttpContent>? content, string? owner)
    {
        for (Attempts attempts = _calls.Begin(); ;)
        {
            try
            {
                using HttpContent? body = content?.Invoke();
                using HttpResponseMessage response = _calls.Send(method, path, body, owner);
                return read(response, attempts.Failed);
            }
            catch (Exception e) when (RemoteCalls.IsOfLine(e)) { attempts.WaitAfter(e); }
        }
    }

    private long Length(HttpResponseMessage response) =>
        response.Content.Headers.ContentLength ?? throw Nonsense("an object without its length");

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static void ReadAll(Stream body, Span<byte> bytes, ref int read)
    {
        while (read < bytes.Length)
        {
            int some = body.Read(bytes[read..]);
            if (some == 0) { throw new IOException("the answer was cut short"); }
            read += some;
        }
    }

    private VarveException Nonsense(string what) =>
        new(ErrorKind.Storage, Subject.Repository(Description), $"is served wrongly: {_calls.Host} answers with {what}");
}
