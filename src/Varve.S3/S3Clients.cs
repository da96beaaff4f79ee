using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Varve.Store.Lines;

namespace Varve.S3;

/// <summary>Makes clients of services. Stateless.</summary>
internal static class S3Clients
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>
    /// A client for a place, with credentials from where AWS's tools have them unless some are given; whoever takes it disposes it. Nothing
    /// is sent yet. It tries nothing twice: that is the store's. Checksums that engines differ in are sent only where the protocol asks for
    /// them.
    /// </summary>
    internal static IAmazonS3 Create(S3Address address, AWSCredentials? credentials = null, LineLimits limits = default)
    {
        var config = new AmazonS3Config
        {
            MaxErrorRetry = 0,
            HttpClientFactory = new S3Transport(limits),
            ForcePathStyle = address.PathStyle ?? address.Endpoint is not null,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (address.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.GetLeftPart(UriPartial.Path);
            config.AuthenticationRegion = address.Region ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? DefaultRegion;
        }
        else
        {
            config.RegionEndpoint = address.Region is { } region ? RegionEndpoint.GetBySystemName(region)
                : FallbackRegionFactory.GetRegionEndpoint() ?? RegionEndpoint.GetBySystemName(DefaultRegion);
        }

        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }
}
