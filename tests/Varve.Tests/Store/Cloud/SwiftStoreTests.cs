using Varve.Tests.Kit.Cloud;

namespace Varve.Tests.Store.Cloud;

/// <summary>A store in Swift keeps what every store promises.</summary>
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class SwiftStoreTests() : S3StoreContract(CloudEngine.Swift);
