using Varve.Tests.Kit.Cloud;

namespace Varve.Tests.Store.Cloud;

/// <summary>A store in Ceph keeps what every store promises.</summary>
[Collection(Clouds.Name)]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class CephStoreTests() : S3StoreContract(CloudEngine.Ceph);
