using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using Varve.Store;

namespace Varve.S3;

/// <summary>
/// Puts objects: one request each, or from a certain size on in parts, of which a lost one alone is sent again. Thread-safe.
/// </summary>
internal sealed class S3Uploads(S3Calls calls, TimeProvider time)
{
    private const long LargestPut = 64 << 20, Part = 16 << 20;
    private const int PartsAtOnce = 4;

    private static readonly TimeSpan s_ageOfLeftovers = TimeSpan.FromDays(7);

    private S3Address Address => calls.Address;

    /// <summary>Puts bytes, whatever was there.</summary>
    internal void Put(string key, byte[] bytes) => Put(key, () => new MemoryStream(bytes, writable: false));

    /// <summary>Puts so many bytes of a file, which stays the caller's.</summary>
    internal void Put(string key, SafeFileHandle file, long length)
    {
        if (length <= LargestPut) { Put(key, () => new FileSlice(file, 0, length)); }
        else { PutInParts(key, file, length); }
    }

    /// <summary>Ends what was begun in parts and not ended for a week; how many.</summary>
    internal int CleanUp()
    {
        int aborted = 0;
        string? afterKey = null, afterUpload = null;
        do
        {
            ListMultipartUploadsResponse page = calls.Do("", "listed", (client, cancelled) => client.ListMultipartUploadsAsync(
                new ListMultipartUploadsRequest
                {
                    BucketName = Address.Bucket, Prefix = Address.Prefix, KeyMarker = afterKey, UploadIdMarker = afterUpload,
                }, cancelled));
            foreach (MultipartUpload upload in page.MultipartUploads ?? [])
            {
                bool isOld = upload.Initiated is { } begun && time.GetUtcNow() - begun.ToUniversalTime() >= s_ageOfLeftovers;
                if (!isOld || !IsOwn(upload.Key)) { continue; }
                Abort(upload.Key, upload.UploadId);
                aborted++;
            }

            bool goesOn = page.IsTruncated == true && (page.NextKeyMarker, page.NextUploadIdMarker) != (afterKey, afterUpload);
            (afterKey, afterUpload) = goesOn ? (page.NextKeyMarker, page.NextUploadIdMarker) : (null, null);
        } while (afterKey is not null);

        return aborted;
    }

    private void Put(string key, Func<Stream> content) => calls.Do(key, "written", async (client, cancelled) =>
    {
        using Stream stream = content();
        await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Address.Bucket, Key = Address.KeyOf(key), InputStream = stream, AutoCloseStream = false, UseChunkEncoding = false,
            StorageClass = StorageClass(key),
        }, cancelled).ConfigureAwait(false);
        return true;
    }, isLong: true);

    private void PutInParts(string key, SafeFileHandle file, long length)
    {
        string whole = Address.KeyOf(key);
        string upload = calls.Do(key, "written", (client, cancelled) => client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = Address.Bucket, Key = whole, StorageClass = StorageClass(key) },
            cancelled)).UploadId;
        try
        {
            var parts = new PartETag[(int)((length + Part - 1) / Part)];
            calls.ForEach(Enumerable.Range(0, parts.Length), PartsAtOnce, async i =>
                parts[i] = await calls.DoAsync(key, "written", async (client, cancelled) =>
                {
                    long start = i * Part;
                    using var stream = new FileSlice(file, start, Math.Min(Part, length - start));
                    UploadPartResponse done = await client.UploadPartAsync(new UploadPartRequest
                    {
                        BucketName = Address.Bucket, Key = whole, UploadId = upload, PartNumber = i + 1, InputStream = stream,
                        PartSize = stream.Length, UseChunkEncoding = false,
                    }, cancelled).ConfigureAwait(false);
                    return new PartETag(i + 1, done.ETag);
                }, isLong: true).ConfigureAwait(false));
            Complete(key, whole, upload, parts, length);
        }
        catch
        {
            Abort(whole, upload);
            throw;
        }
    }

    private void Complete(string key, string whole, string upload, PartETag[] parts, long length) =>
        calls.Do(key, "written", async (client, cancelled) =>
        {
            try
            {
                await client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
                {
                    BucketName = Address.Bucket, Key = whole, UploadId = upload, PartETags = [.. parts],
                }, cancelled).ConfigureAwait(false);
            }
            catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload")
            {
                // It is done, if an answer was lost. The name is a hash of the bytes.
                var look = new GetObjectMetadataRequest { BucketName = Address.Bucket, Key = whole };
                GetObjectMetadataResponse there = await client.GetObjectMetadataAsync(look, cancelled).ConfigureAwait(false);
                if (there.ContentLength != length) { throw; }
            }

            return true;
        }, isLong: true);

    /// <summary>Whether an upload is of this store: others may have theirs in the same bucket.</summary>
    private bool IsOwn(string whole) =>
        whole.StartsWith(Address.Prefix, StringComparison.Ordinal) && StoreKey.IsValid(whole.AsSpan(Address.Prefix.Length))
        && whole.AsSpan(Address.Prefix.Length).StartsWith("packs/", StringComparison.Ordinal);

    private void Abort(string key, string upload)
    {
        try
        {
            calls.Do("", "cleaned up", (client, cancelled) => client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = Address.Bucket, Key = key, UploadId = upload }, cancelled));
        }
        catch (VarveException) { /* a later clean-up ends it, or the bucket's rules do */ }
    }

    // What is read whenever a repository is opened is not put where reading takes hours.
    private S3StorageClass? StorageClass(string key) =>
        Address.StorageClass is { } name && key.StartsWith("packs/", StringComparison.Ordinal) ? new S3StorageClass(name) : null;
}
