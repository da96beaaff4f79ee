using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Varve.Model;
using Varve.Store.Lines;

namespace Varve.S3;

/// <summary>What failures of one request mean. Not thread-safe.</summary>
/// <param name="address">The place.</param>
/// <param name="key">The key that it was about; empty for the whole.</param>
/// <param name="done">What was to be done, as "read".</param>
/// <param name="wasReached">Whether the service has answered before: if not, nobody waits for it.</param>
/// <param name="wasThere">Whether something in the bucket was done before: if so, it is gone, if it is missing now.</param>
internal sealed class S3Errors(S3Address address, string key, string done, bool wasReached, bool wasThere) : ILineErrors
{
    private bool _wasSignedAnew;

    private Subject Whole => Subject.Repository(address.ToString());

    private Subject Named => key.Length == 0 ? Whole : Subject.Object(key, address.ToString());

    /// <inheritdoc/>
    public VarveException? Final(Exception failure) => failure switch
    {
        VarveException told => told,
        AmazonServiceException e => Refused(e),
        AmazonClientException e when !HasInner<IOException>(e) && !HasInner<SocketException>(e) =>
            new VarveException(ErrorKind.Storage, Whole, "cannot be reached: " + e.Message, Advice.CheckCloudCredentials, e),
        _ when HasInner<AuthenticationException>(failure) => new VarveException(ErrorKind.Storage, Whole,
            "cannot be reached: " + Cause(failure), Advice.CheckCertificate, failure),
        _ => wasReached ? null : Lost(failure),
    };

    /// <inheritdoc/>
    public TimeSpan? AskedPause(Exception failure) => failure.InnerException is HttpErrorResponseException { Response: { } response }
        && int.TryParse(response.GetHeaderValue("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds) : null;

    /// <inheritdoc/>
    public VarveException Lost(Exception failure) => new(ErrorKind.Storage, Whole,
        wasReached ? $"does not answer any more: {Cause(failure)}" : $"cannot be reached: {Cause(failure)}",
        Advice.CheckConnection, failure)
    { IsRetryable = true };

    /// <summary>Whether an object, or a bucket, is not there.</summary>
    internal static bool IsAbsent(AmazonS3Exception e) => e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket";

    private VarveException? Refused(AmazonServiceException e) => e.ErrorCode switch
    {
        "NoSuchBucket" => new VarveException(wasThere ? ErrorKind.Storage : ErrorKind.NoRepository, Whole,
            $"there is no bucket '{address.Bucket}'{(wasThere ? " any more" : "")}", Advice.MakeBucket, e),
        // Of a line, whatever the status.
        "RequestTimeout" or "IncompleteBody" or "BadDigest" or "XAmzContentSHA256Mismatch" or "InternalError" or "SlowDown"
            or "ServiceUnavailable" or "OperationAborted" or "Throttling" or "ThrottlingException" => null,
        // Signed before the machine slept, or before the credentials were made anew: a request that is signed now may do.
        "ExpiredToken" or "RequestTimeTooSkewed" when !_wasSignedAnew => SignAnew(),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired"
            or "AuthorizationQueryParametersError" => new VarveException(ErrorKind.Storage, Whole,
                $"cannot be used: the service does not accept the credentials, {Said(e)}", Advice.CheckCloudCredentials, e),
        "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" => new VarveException(
            ErrorKind.Storage, Whole, $"cannot be used: the region may be another, {Said(e)}", Advice.NameRegion, e),
        "RequestTimeTooSkewed" => new VarveException(ErrorKind.Storage, Whole,
            "cannot be used: this machine's clock and that of the service are too far apart", Advice.CheckClock, e),
        "BucketAlreadyExists" => new VarveException(ErrorKind.Storage, Whole,
            $"cannot be made: there is a bucket '{address.Bucket}' of others", Advice.MakeBucket, e),
        "InvalidObjectState" => new VarveException(ErrorKind.Storage, Named,
            "cannot be read: it is archived, and has to be brought back by the service first", Advice.BringBackArchived, e),
        "QuotaExceeded" or "InsufficientStorage" or "XMinioStorageFull" => new VarveException(ErrorKind.Storage, Named,
            $"cannot be {done}: {Said(e)}", Advice.FreeStore, e),
        _ => (int)e.StatusCode switch
        {
            507 => new VarveException(ErrorKind.Storage, Named, $"cannot be {done}: {Said(e)}", Advice.FreeStore, e),
            408 or 409 or 429 or >= 500 and not 501 or < 400 => null,
            401 or 403 => new VarveException(ErrorKind.Storage, Named, $"cannot be {done}: {Said(e)}", Advice.CheckCloudRights, e),
            _ => new VarveException(ErrorKind.Storage, Named, $"cannot be {done}: {Said(e)}", Advice.None, e),
        },
    };

    private VarveException? SignAnew()
    {
        _wasSignedAnew = true;
        return null;
    }

    private static string Said(AmazonServiceException e) => $"it says '{e.ErrorCode}': {e.Message.TrimEnd('.')}";

    private static bool HasInner<T>(Exception e) where T : Exception
    {
        for (Exception? at = e; at is not null; at = at.InnerException)
        {
            if (at is T) { return true; }
        }

        return false;
    }

    private static string Cause(Exception e)
    {
        while (e.InnerException is { } inner) { e = inner; }
        return e is OperationCanceledException ? "no answer comes" : e.Message;
    }
}
