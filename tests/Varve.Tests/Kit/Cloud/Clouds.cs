namespace Varve.Tests.Kit.Cloud;

/// <summary>Tests that need engines of object storage: one after the other, and the engines end with the last.</summary>
[CollectionDefinition(Name)]
public sealed class Clouds : ICollectionFixture<Clouds.Engines>
{
    /// <summary>What the tests' classes name.</summary>
    public const string Name = "object storage";

    /// <summary>Ends what was started.</summary>
    public sealed class Engines : IDisposable
    {
        public void Dispose() => CloudEngine.EndAll();
    }
}
