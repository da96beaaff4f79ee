using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Varve.App.Settings.Configuration;
using Varve.Model;
using Varve.Store;
using Varve.Store.Remote;

namespace Varve.App.Serve;

/// <summary>
/// Answers requests by a store (docs/remote.md). Of each request at most 4 MiB are in memory, and of what is put only a piece. Thread-safe.
/// </summary>
internal sealed class StoreEndpoint(ServedStore served, ServeRights rights, string program)
{
    private const int Piece = 128 << 10;

    /// <summary>Answers; an error is an answer as long as nothing was sent, and cuts the answer short later.</summary>
    internal async Task Answer(HttpContext http)
    {
        try { await Route(http).ConfigureAwait(false); }
        catch (VarveException e) { await Fail(http, e.Advice == Advice.UseFullAccess ? 403 : 409, e).ConfigureAwait(false); }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            await Fail(http, 400, Misunderstood("it is not of a form that there is")).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException) { http.Abort(); } // who asked has gone
    }

    private Task Route(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "";
        string? key = path.StartsWith(Protocol.Objects, StringComparison.Ordinal) ? path[Protocol.Objects.Length..] : null;
        if (key is not null) { StoreKey.Check(key); }
        string? owner = http.Request.Headers[Protocol.OwnerHeader];
        return (http.Request.Method, key is null ? path : Protocol.Objects) switch
        {
            ("GET", Protocol.Store) => Facts(http, create: false),
            ("POST", Protocol.Store) => Facts(http, create: rights.Mode != ServeMode.Read),
            ("HEAD", Protocol.Objects) => Length(http, key!),
            ("GET", Protocol.Objects) when http.Request.Query.ContainsKey("offset") => Range(http, key!),
            ("GET", Protocol.Objects) => Whole(http, key!),
            ("PUT", Protocol.Objects) => Put(http, key!, owner),
            ("DELETE", Protocol.Objects) => Delete(http, key!, owner),
            ("GET", Protocol.Listing) => List(http),
            ("POST", Protocol.Deletion) => DeleteAll(http),
            ("POST", Protocol.CleaningUp) => Text(http, Number(rights.Mode == ServeMode.Read ? 0 : served.Get().CleanUp())),
            ("GET", Protocol.Free) => Text(http, served.Get().FreeBytes() is { } free ? Number(free) : ""),
            _ => throw Misunderstood("there is no such request"),
        };
    }

    private Task Facts(HttpContext http, bool create) => Text(http, string.Create(CultureInfo.InvariantCulture,
        $"""
        {Protocol.Lateness} {(long)served.Get(create).Lateness.TotalMilliseconds}
        {Protocol.Mode} {rights.Mode switch { ServeMode.Read => Protocol.ReadOnly, ServeMode.Append => Protocol.AppendOnly, _ => Protocol.Full }}
        {Protocol.Program} {program}

        """));

    private Task Length(HttpContext http, string key)
    {
        if (served.Get().TryGetLength(key, out long length)) { http.Response.ContentLength = length; }
        else { Absent(http); }
        return Task.CompletedTask;
    }

    private async Task Whole(HttpContext http, string key)
    {
        IStore store = served.Get();
        long most = Value(http, "max");
        bool isThere = store.TryGetLength(key, out long length);
        if (isThere && length is > Protocol.WholeMost && length <= most && !StoreKey.IsMutable(key))
        {
            await Send(http, store, key, 0, length).ConfigureAwait(false);
            return;
        }

        byte[]? bytes = isThere ? store.Get(key, most) : null;
        if (bytes is null)
        {
            Absent(http);
            return;
        }

        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task Range(HttpContext http, string key)
    {
        IStore store = served.Get();
        if (!store.TryGetLength(key, out _))
        {
            Absent(http);
            return;
        }

        await Send(http, store, key, Value(http, "offset"), Value(http, "length")).ConfigureAwait(false);
    }

    private static async Task Send(HttpContext http, IStore store, string key, long offset, long length)
    {
        int most = length <= Protocol.WholeMost ? (int)length : Piece;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            if (length == 0) { store.GetRange(key, offset, default); }
            for (long done = 0; done < length;)
            {
                int piece = (int)Math.Min(length - done, most);
                store.GetRange(key, offset + done, buffer.AsSpan(0, piece));
                if (done == 0) { http.Response.ContentLength = length; }
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, piece), http.RequestAborted).ConfigureAwait(false);
                done += piece;
            }
        }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    private async Task Put(HttpContext http, string key, string? owner)
    {
        IStore store = served.Get();
        bool replaces = http.Request.Query.ContainsKey("replace");
        long length = http.Request.ContentLength ?? throw Misunderstood("an object is put with its length");
        if (replaces) { rights.CheckReplace(key, owner); }
        else { rights.CheckPut(store, key, owner); }

        bool isNew = true, isStored = false;
        // What is replaced is small and was there, or is a session; what is there takes no room again.
        bool takesRoom = !StoreKey.IsMutable(key) && rights.Quota is not null && !store.TryGetLength(key, out _);
        if (takesRoom) { rights.TakeRoom(store, key, length); }
        try
        {
            isNew = await Take(http, store, key, length, replaces).ConfigureAwait(false);
            isStored = isNew && !replaces;
        }
        finally { if (takesRoom) { rights.Quota!.Settle(length, isStored); } }

        http.Response.StatusCode = isNew ? 201 : 200;
    }

    private async Task<bool> Take(HttpContext http, IStore store, string key, long length, bool replaces)
    {
        if (StoreKey.IsMutable(key))
        {
            if (length > Protocol.MutableMost) { throw Misunderstood("the object is too large for one that can be replaced"); }
            var bytes = new byte[length];
            await http.Request.Body.ReadExactlyAsync(bytes, http.RequestAborted).ConfigureAwait(false);
            if (!replaces) { return store.Put(key, bytes); }
            store.Replace(key, bytes);
            return true;
        }

        return await Receive(http, store, key, length).ConfigureAwait(false);
    }

    private async Task<bool> Receive(HttpContext http, IStore store, string key, long length)
    {
        using IStagedObject staged = store.Stage();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            long received = 0;
            for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted).ConfigureAwait(false)) > 0;)
            {
                received += read;
                hash.AppendData(buffer, 0, read);
                staged.Append(buffer.AsSpan(0, read));
            }

            if (received != length) { throw new IOException("the object was cut short"); }
            rights.CheckHash(key, hash);
            return staged.Commit(key);
        }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    private Task Delete(HttpContext http, string key, string? owner)
    {
        rights.CheckDelete(key, owner);
        if (!served.Get().Delete(key)) { Absent(http); }
        return Task.CompletedTask;
    }

    private async Task DeleteAll(HttpContext http)
    {
        rights.CheckDeletions();
        var text = new MemoryStream();
        byte[] buffer = new byte[Piece];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted).ConfigureAwait(false)) > 0;)
        {
            text.Write(buffer, 0, read);
            if (text.Length > Protocol.TextMost) { throw Misunderstood("too many objects at once"); }
        }

        if (text.GetBuffer().AsSpan(0, (int)text.Length).Count((byte)'\n') >= Protocol.DeletionsMost) { throw Misunderstood("too many objects at once"); }
        string[] keys = Encoding.ASCII.GetString(text.GetBuffer(), 0, (int)text.Length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string key in keys) { rights.CheckDelete(key, owner: null); }
        await Text(http, Number(served.Get().Delete(keys))).ConfigureAwait(false);
    }

    private async Task List(HttpContext http)
    {
        string prefix = http.Request.Query["prefix"].ToString();
        StoreKey.CheckPrefix(prefix);
        var lines = new StringBuilder();
        Action<VarveException> unreadable = e => lines.Append(Protocol.Told(Protocol.Unreadable, e));
        long count = 0;
        try
        {
            IStore store = served.Get();
            foreach (StoreObject found in http.Request.Query.ContainsKey("unreadable") ? store.List(prefix, unreadable) : store.List(prefix))
            {
                lines.Append(CultureInfo.InvariantCulture, $"{found.Length} {found.Key}\n");
                count++;
                if (lines.Length >= Piece) { await Flush(http, lines).ConfigureAwait(false); }
            }

            lines.Append(Protocol.End(count)).Append('\n');
        }
        catch (VarveException e) when (http.Response.HasStarted) { lines.Append(Protocol.Told(Protocol.Failed, e)); }

        await Flush(http, lines).ConfigureAwait(false);
    }

    private static async Task Flush(HttpContext http, StringBuilder lines)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(lines.ToString());
        lines.Clear();
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
    }

    private static long Value(HttpContext http, string name) =>
        long.Parse(http.Request.Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static Task Text(HttpContext http, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    private static async Task Fail(HttpContext http, int status, VarveException e)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
        string text = Protocol.Encode(e);
        if (http.Request.Method == "HEAD") { http.Response.Headers[Protocol.ErrorHeader] = Uri.EscapeDataString(text); }
        await Text(http, text).ConfigureAwait(false);
    }

    private static void Absent(HttpContext http) => http.Response.StatusCode = 404;

    private static VarveException Misunderstood(string what) =>
        new(ErrorKind.Storage, Subject.Request("the request"), "was not understood: " + what, Advice.UpdateThere);
}
