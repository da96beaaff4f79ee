using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using Varve.Model;
using Varve.Store;
using Varve.Store.Lines;

namespace Varve.S3;

/// <summary>
/// A store in a bucket. A key is the object's key behind the address's prefix. No request has a condition, since engines differ in what
/// they make of one: a put replaces what is there, which for names that are hashes is the same. Thread-safe; callers wait on their own
/// threads.
/// </summary>
internal sealed class S3Store : IStore, IDisposable
{
    private const int KeysAtOnce = 1000, RequestsAtOnce = 32;

    private readonly S3Calls _calls;
    private readonly S3Uploads _uploads;
    private readonly string? _spool;
    private volatile bool _deletesMany = true;

    private S3Store(S3Calls calls, StoreOpening opening) =>
        (_calls, _uploads, _spool) = (calls, new S3Uploads(calls, opening.Time), opening.Spool);

    /// <inheritdoc/>
    public string Description => Address.ToString();

    /// <inheritdoc/>
    public TimeSpan Lateness => Address.Lateness;

    /// <inheritdoc/>
    public bool PutsOnce => false;

    /// <inheritdoc/>
    public bool EndsWithCaller => false;

    private S3Address Address => _calls.Address;

    /// <summary>Opens the store in a bucket; makes the bucket if it is missing and the store is to be made.</summary>
    /// <exception cref="VarveException">Storage, NoRepository.</exception>
    internal static S3Store Open(IAmazonS3 client, S3Address address, StoreOpening opening)
    {
        var store = new S3Store(new S3Calls(client, address, opening.Time, opening.Retrying), opening);
        try
        {
            if (opening.Create) { store.MakeBucket(); }
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGetLength(string key, out long length)
    {
        StoreKey.Check(key);
        long? found = Look(key);
        length = found ?? 0;
        return found is not null;
    }

    /// <inheritdoc/>
    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.Check(key);
        if (StoreKey.IsMutable(key) && Look(key) is not null) { return false; }
        _uploads.Put(key, bytes.ToArray());
        return true;
    }

    /// <inheritdoc/>
    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.CheckMutable(key);
        _uploads.Put(key, bytes.ToArray());
    }

    /// <inheritdoc/>
    public IStagedObject Stage() => _spool is null ? new BufferedObject(this) : new SpooledObject(_spool, Put);

    /// <inheritdoc/>
    public byte[]? Get(string key, long maxLength)
    {
        StoreKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        // A range always: of whole objects the library takes the service's tag for an MD5, which not every service means by it.
        long most = Math.Min(maxLength, Array.MaxLength - 1);
        byte[]? bytes = _calls.Do(key, "read", async (client, cancelled) =>
        {
            try
            {
                using GetObjectResponse? response = await Begin(client, key, new ByteRange(0, most), cancelled).ConfigureAwait(false);
                if (response is null) { return null; }
                long length = LengthOf(response.Headers);
                if (length > most)
                {
                    throw VarveException.Damaged(Named(key), $"it has more than the {maxLength} bytes that are expected at most");
                }

                var all = new byte[length];
                await Read(response, all, cancelled).ConfigureAwait(false);
                return all;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) { return []; } // it is empty
        }, isLong: true);
        if (bytes is null) { RequireBucket(); }
        return bytes;
    }

    /// <inheritdoc/>
    public int GetRange(string key, long offset, Span<byte> destination)
    {
        StoreKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int length = destination.Length;
        if (offset > long.MaxValue - length) { throw Truncated(key, long.MaxValue); }
        if (length == 0)
        {
            long there = Look(key) ?? throw Missing(key);
            return offset <= there ? 0 : throw Truncated(key, offset);
        }

        byte[]? bytes = _calls.Do(key, "read", async (client, cancelled) =>
        {
            try
            {
                using GetObjectResponse? response =
                    await Begin(client, key, new ByteRange(offset, offset + length - 1), cancelled).ConfigureAwait(false);
                if (response is null) { return null; }
                if (response.HttpStatusCode != HttpStatusCode.PartialContent && (offset != 0 || LengthOf(response.Headers) > length))
                {
                    throw new VarveException(ErrorKind.Storage, Named(key), "cannot be read in parts: the service does not know ranges");
                }

                if (LengthOf(response.Headers) != length) { throw Truncated(key, offset + length); }
                var part = new byte[length];
                await Read(response, part, cancelled).ConfigureAwait(false);
                return part;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw Truncated(key, offset + length);
            }
        }, isLong: true);
        (bytes ?? throw Missing(key)).CopyTo(destination);
        return length;
    }

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix)
    {
        StoreKey.CheckPrefix(prefix);
        return Enumerate(prefix);
    }

    /// <inheritdoc/>
    public bool Delete(string key)
    {
        StoreKey.Check(key);
        if (Look(key) is null) { return false; }
        RemoveAsync(key).GetAwaiter().GetResult();
        return true;
    }

    /// <inheritdoc/>
    public int Delete(IReadOnlyCollection<string> keys)
    {
        foreach (string key in keys) { StoreKey.Check(key); }
        string[] all = [.. keys.Distinct(StringComparer.Ordinal)];
        foreach (string[] some in all.Chunk(KeysAtOnce))
        {
            if (some.Length > 1 && _deletesMany && TryRemove(some)) { continue; }
            _calls.ForEach(some, RequestsAtOnce, RemoveAsync);
        }

        return all.Length;
    }

    /// <inheritdoc/>
    public int CleanUp()
    {
        try { return _uploads.CleanUp(); }
        catch (VarveException e) when (e.InnerException is AmazonS3Exception)
        {
            return 0; // who may not look for leftovers, or where nobody can, has none that would harm
        }
    }

    /// <summary>Ends it. No other call may run or follow.</summary>
    public void Dispose() => _calls.Dispose();

    private bool Put(string key, SafeFileHandle file, long length)
    {
        _uploads.Put(key, file, length);
        return true;
    }

    private IEnumerable<StoreObject> Enumerate(string prefix)
    {
        string? next = null;
        do
        {
            ListObjectsV2Response page = _calls.Do(prefix.Length == 0 ? "" : prefix, "listed", (client, cancelled) =>
                client.ListObjectsV2Async(new ListObjectsV2Request
                {
                    BucketName = Address.Bucket, Prefix = Address.KeyOf(prefix), ContinuationToken = next,
                }, cancelled));
            foreach (S3Object item in page.S3Objects ?? [])
            {
                if (!item.Key.StartsWith(Address.KeyOf(prefix), StringComparison.Ordinal))
                {
                    throw new VarveException(ErrorKind.Storage, Subject.Repository(Description),
                        $"cannot be listed: the service lists '{item.Key}', which was not asked for");
                }

                string key = item.Key[Address.Prefix.Length..];
                if (StoreKey.IsValid(key)) { yield return new StoreObject(key, item.Size ?? 0); }
            }

            // A listing that breaks off without saying so would make a prune remove what is in use.
            string? after = page.IsTruncated == true ? page.NextContinuationToken ?? "" : null;
            if (after is { } token && (token.Length == 0 || token == next))
            {
                throw new VarveException(ErrorKind.Storage, Subject.Repository(Description),
                    "cannot be listed: the service breaks its listing off and does not say where it goes on");
            }

            next = after;
        } while (next is not null);
    }

    private static async Task<T?> OrAbsent<T>(Task<T> call) where T : class
    {
        try { return await call.ConfigureAwait(false); }
        catch (AmazonS3Exception e) when (S3Errors.IsAbsent(e)) { return null; }
    }

    private async Task<GetObjectResponse?> Begin(IAmazonS3 client, string key, ByteRange range, CancellationToken cancelled)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(S3Calls.Patience);
        return await OrAbsent(client.GetObjectAsync(
            new GetObjectRequest { BucketName = Address.Bucket, Key = Address.KeyOf(key), ByteRange = range }, patience.Token))
            .ConfigureAwait(false);
    }

    private static async Task Read(GetObjectResponse response, Memory<byte> into, CancellationToken cancelled)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        while (into.Length > 0)
        {
            patience.CancelAfter(S3Calls.Patience);
            int read = await response.ResponseStream.ReadAsync(into, patience.Token).ConfigureAwait(false);
            if (read == 0) { throw new IOException("the answer was cut short"); }
            into = into[read..];
        }
    }

    // Without the header the library says 0.
    private static long LengthOf(HeadersCollection headers) =>
        headers["Content-Length"] is not null ? headers.ContentLength : throw new IOException("the answer does not say how long it is");

    private long? Look(string key)
    {
        GetObjectMetadataResponse? found;
        try
        {
            found = _calls.Do(key, "looked for", (client, cancelled) => OrAbsent(client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = Address.Bucket, Key = Address.KeyOf(key) }, cancelled)));
        }
        catch (VarveException e) when (e.InnerException is AmazonS3Exception { StatusCode: >= HttpStatusCode.BadRequest })
        {
            RequireBucket(); // an answer to HEAD has no text that says why
            throw;
        }

        if (found is null) { RequireBucket(); }
        return found is null ? null : LengthOf(found.Headers);
    }

    private Task RemoveAsync(string key) => _calls.DoAsync(key, "deleted", (client, cancelled) =>
        client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Address.Bucket, Key = Address.KeyOf(key) }, cancelled));

    /// <summary>Removes many by one request; false where the service wants that otherwise than it is said (Swift wants an MD5).</summary>
    private bool TryRemove(string[] keys)
    {
        try
        {
            _calls.Do("", "deleted", (client, cancelled) => client.DeleteObjectsAsync(new DeleteObjectsRequest
            {
                BucketName = Address.Bucket, Quiet = true, Objects = [.. keys.Select(k => new KeyVersion { Key = Address.KeyOf(k) })],
            }, cancelled));
            return true;
        }
        catch (VarveException e) when (e.InnerException is AmazonS3Exception)
        {
            // One by one, whatever it was: what really cannot be deleted is named then.
            _deletesMany &= e.InnerException is DeleteObjectsException;
            return false;
        }
    }

    private void MakeBucket()
    {
        try { RequireBucket(); }
        catch (VarveException e) when (e.Kind == ErrorKind.NoRepository)
        {
            _calls.Do("", "made", async (client, cancelled) =>
            {
                try { await client.PutBucketAsync(new PutBucketRequest { BucketName = Address.Bucket }, cancelled).ConfigureAwait(false); }
                catch (AmazonS3Exception made) when (made.ErrorCode == "BucketAlreadyOwnedByYou") { /* an answer was lost, or another init */ }
                return true;
            });
        }
    }

    /// <summary>Throws unless the bucket is there: what is missing with all the rest is not absent.</summary>
    private void RequireBucket() => _calls.Do("", "listed", (client, cancelled) => client.ListObjectsV2Async(
        new ListObjectsV2Request { BucketName = Address.Bucket, Prefix = Address.Prefix, MaxKeys = 1 }, cancelled));

    private Subject Named(string key) => Subject.Object(key, Description);

    private VarveException Missing(string key)
    {
        RequireBucket();
        return new VarveException(ErrorKind.NotFound, Named(key), "does not exist");
    }

    private VarveException Truncated(string key, long needed) =>
        VarveException.Damaged(Named(key), $"it is truncated: it ends before byte {needed}");
}
