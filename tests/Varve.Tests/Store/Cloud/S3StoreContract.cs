using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Varve.Model;
using Varve.S3;
using Varve.Store;
using Varve.Store.Lines;
using Varve.Tests.Contract;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Cloud;

namespace Varve.Tests.Store.Cloud;

/// <summary>What every store promises, of one in a bucket of a real engine.</summary>
public abstract class S3StoreContract : StoreContract, IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly S3Address _address;
    private readonly S3Store _store;

    private protected S3StoreContract(CloudEngine engine)
    {
        Engine = engine;
        _address = S3Address.Parse(engine.NewAddress());
        _store = S3Store.Open(Client(), _address, new StoreOpening(Create: true, _d.Path, TimeProvider.System));
    }

    private protected CloudEngine Engine { get; }

    protected override IStore Store => _store;

    protected override bool PutsOnce => false;

    protected override int Replacements => 60; // each is a request

    protected override int Listed => 1100; // a page has 1000

    /// <summary>More than one request may remove.</summary>
    private protected virtual int Removed => 1100;

    public void Dispose()
    {
        _store.Dispose();
        _d.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void Truncate(string key, int length)
    {
        byte[] bytes = _store.Get(key, 1 << 20)!;
        using IAmazonS3 client = Client();
        client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = _address.Bucket, Key = _address.KeyOf(key), InputStream = new MemoryStream(bytes, 0, length),
            UseChunkEncoding = false,
        }, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    protected override void BreakListing()
    {
        using IAmazonS3 client = Client();
        foreach (StoreObject item in _store.List("")) { _store.Delete(item.Key); }
        client.DeleteBucketAsync(_address.Bucket, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    [Fact]
    public void A_large_object_goes_up_in_parts_and_comes_back_whole()
    {
        var bytes = new byte[(80 << 20) + 12_345];
        new Random(3).NextBytes(bytes);
        using IStagedObject staged = _store.Stage();
        staged.Append(bytes);
        Assert.True(staged.Commit("packs/ab/large"));
        Assert.True(bytes.AsSpan().SequenceEqual(_store.Get("packs/ab/large", bytes.Length)));
        Assert.Equal(0, _store.CleanUp());
    }

    [Fact]
    public void Many_objects_are_removed_by_few_requests_and_those_that_are_not_there_are_no_error()
    {
        string[] keys = [.. Enumerable.Range(0, Removed).Select(static i => $"index/{i:x8}")];
        Concurrently(10, i =>
        {
            for (int k = i; k < keys.Length; k += 10) { _store.Put(keys[k], "x"u8); }
        });
        _store.Delete([.. keys, "index/none"]);
        Assert.Empty(_store.List(""));
    }

    [Fact]
    public void A_bucket_that_is_missing_is_told_and_is_no_absence()
    {
        using S3Store other = S3Store.Open(Client(), S3Address.Parse(Engine.NewAddress()), new StoreOpening(false, null, TimeProvider.System));
        Assert.Equal(Advice.MakeBucket, Throws(ErrorKind.NoRepository, () => other.TryGetLength("varve", out _)).Advice);
        Assert.Equal(Advice.MakeBucket, Throws(ErrorKind.NoRepository, () => other.Get("varve", 10)).Advice);
        Assert.Equal(Advice.MakeBucket, Throws(ErrorKind.NoRepository, () => other.List("").Count()).Advice);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Credentials_that_are_not_accepted_are_told_at_once(bool isSecret)
    {
        var wrong = new BasicAWSCredentials(isSecret ? Engine.Access : "nobody", isSecret ? "wrong" : CloudEngine.Secret);
        using S3Store other = S3Store.Open(S3Clients.Create(_address, wrong), _address, new StoreOpening(false, null, TimeProvider.System));
        VarveException e = Throws(ErrorKind.Storage, () => other.List("").Count());
        Assert.True(e.Advice is Advice.CheckCloudCredentials or Advice.CheckCloudRights, e.ToString());
        Assert.False(e.IsRetryable);
    }

    private IAmazonS3 Client() => S3Clients.Create(_address, new BasicAWSCredentials(Engine.Access, CloudEngine.Secret));
}
