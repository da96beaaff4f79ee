using Varve.Tests.Kit.Cloud;

namespace Varve.Tests.Store.Cloud;

/// <summary>A store in Swift keeps what every store promises.</summary>
[Collection(Clouds.Name)]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class SwiftStoreTests() : S3StoreContract(CloudEngine.Swift)
{
    /// <summary>Here each is removed by a request of its own.</summary>
    private protected override int Removed => 110;
}
