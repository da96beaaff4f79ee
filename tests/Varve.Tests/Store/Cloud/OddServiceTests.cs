using Amazon.Runtime;
using Varve.Model;
using Varve.S3;
using Varve.Store;
using Varve.Store.Lines;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Cloud;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.Store.Cloud;

/// <summary>What services of other makes answer, as people have reported it; made up, since none of them is here.</summary>
public sealed class OddServiceTests : IDisposable
{
    private const string Key = "packs/ab/one", Empty = "";

    private readonly ScratchDirectory _d = new();
    private readonly RequestProxy _service = new();
    private readonly NoWaiting _time = new();
    private readonly S3Store _store;

    public OddServiceTests()
    {
        S3Address place = S3Address.Parse($"s3://bucket/x?endpoint=http://127.0.0.1:{_service.Port}");
        var opening = new StoreOpening(false, _d.Path, _time);
        _store = S3Store.Open(S3Clients.Create(place, new BasicAWSCredentials("A", "S")), place, opening);
    }

    public void Dispose()
    {
        _store.Dispose();
        _service.Dispose();
        _d.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("<NextContinuationToken>again</NextContinuationToken>")]
    public void A_listing_that_breaks_off_without_saying_where_it_goes_on_is_no_listing(string token)
    {
        _service.Instead = (_, _) => Page("x/index/a", "true", token);
        Assert.Contains("breaks its listing off", Fails(() => _store.List("index/").Count()).Message);
    }

    [Fact]
    public void A_service_that_lists_what_was_not_asked_for_is_not_believed()
    {
        _service.Instead = static (_, _) => Page("y/index/a", "false", Empty);
        Assert.Contains("which was not asked for", Fails(() => _store.List("index/").Count()).Message);
    }

    [Theory]
    [InlineData("400 Bad Request", "RequestTimeout")]
    [InlineData("400 Bad Request", "IncompleteBody")]
    [InlineData("400 Bad Request", "ExpiredToken")]
    [InlineData("403 Forbidden", "RequestTimeTooSkewed")]
    [InlineData("503 Service Unavailable", "SlowDown")]
    public void What_another_try_may_do_better_is_tried_again_whatever_its_status(string status, string code)
    {
        _service.Instead = (n, _) => n == 0 ? RequestProxy.Answer(status, code) : RequestProxy.Whole("200 OK", Empty, "ETag: \"x\"\r\n");
        Assert.True(_store.Put(Key, "hello"u8));
        Assert.Equal(2, _service.Requests);
    }

    [Fact]
    public void A_full_service_is_full_at_once()
    {
        _service.Instead = static (_, _) => RequestProxy.Answer("507 Insufficient Storage", "XMinioStorageFull");
        Assert.Equal(Advice.FreeStore, Fails(() => _store.Put(Key, "hello"u8)).Advice);
        Assert.Equal(1, _service.Requests);
    }

    [Fact]
    public void A_tag_that_is_no_digest_means_nothing()
    {
        _service.Instead = static (_, line) => RequestProxy.Whole("206 Partial Content", "hello",
            "ETag: \"00000000000000000000000000000000\"\r\nContent-Range: bytes 0-4/5\r\n");
        Assert.Equal("hello"u8.ToArray(), _store.Get(Key, 100));
        _service.Instead = static (_, _) => RequestProxy.Whole("200 OK", Empty, "ETag: \"00000000000000000000000000000000\"\r\n");
        Assert.True(_store.Put(Key, "hello"u8));
    }

    [Fact]
    public void A_service_without_ranges_is_told_and_is_no_damage()
    {
        _service.Instead = static (_, _) => RequestProxy.Whole("200 OK", "hello, all of it", "ETag: \"x\"\r\n");
        Assert.Contains("does not know ranges", Fails(() => _store.GetRange(Key, 0, new byte[5])).Message);
        Assert.Equal(16, _store.Get(Key, 100)!.Length);
    }

    [Fact]
    public void Leftovers_that_nobody_may_look_for_keep_nobody_from_anything()
    {
        _service.Instead = static (_, _) => RequestProxy.Answer("403 Forbidden", "AccessDenied");
        Assert.Equal(0, _store.CleanUp());
        _service.Instead = static (_, _) => RequestProxy.Answer("501 Not Implemented", "NotImplemented");
        Assert.Equal(0, _store.CleanUp());
    }

    [Fact]
    public void Only_uploads_of_packs_of_this_store_are_ended()
    {
        string Upload(string key) =>
            $"<Upload><Key>{key}</Key><UploadId>1</UploadId><Initiated>2020-01-01T00:00:00.000Z</Initiated></Upload>";
        var ended = new List<string>();
        _service.Instead = (_, line) =>
        {
            if (line.StartsWith("DELETE", StringComparison.Ordinal))
            {
                ended.Add(line.Split(' ')[1].Split('?')[0]);
                return RequestProxy.Whole("204 No Content", Empty);
            }

            return RequestProxy.Whole("200 OK", $"<ListMultipartUploadsResult><Bucket>bucket</Bucket><IsTruncated>false</IsTruncated>"
                + Upload("x/packs/ab/one") + Upload("x/other/packs/ab/one") + Upload("y/packs/ab/one") + Upload("x/photo.jpg")
                + "</ListMultipartUploadsResult>");
        };
        Assert.Equal(1, _store.CleanUp());
        Assert.Equal(["/bucket/x/packs/ab/one"], ended);
    }

    [Fact]
    public void Parts_that_were_joined_though_the_answer_was_lost_are_an_object()
    {
        const long Length = 65 << 20;
        int joined = 0;
        _service.Instead = (_, line) => line switch
        {
            _ when line.StartsWith("POST", StringComparison.Ordinal) && line.Contains("uploads", StringComparison.Ordinal) =>
                RequestProxy.Whole("200 OK", "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>"),
            _ when line.StartsWith("PUT", StringComparison.Ordinal) => RequestProxy.Whole("200 OK", Empty, "ETag: \"x\"\r\n"),
            _ when line.StartsWith("POST", StringComparison.Ordinal) => joined++ == 0
                ? RequestProxy.Answer("200 OK", "InternalError") : RequestProxy.Answer("404 Not Found", "NoSuchUpload"),
            _ when line.StartsWith("HEAD", StringComparison.Ordinal) =>
                System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\nConnection: close\r\n\r\n"),
            _ => null,
        };
        using IStagedObject staged = _store.Stage();
        var piece = new byte[1 << 20];
        for (int i = 0; i < 65; i++) { staged.Append(piece); }
        Assert.True(staged.Commit(Key));
        Assert.Equal(2, joined);
    }

    [Theory]
    [InlineData("s3://AKIA:ab/cd-secret@bucket/x")]
    [InlineData("s3://https://KEY:secret@host/bucket")]
    [InlineData("s3://bucket/x?access-key=A&secret-key=secret")]
    [InlineData("s3://bucket/x?regoin=y&endpoint=https://k:secret@host")]
    [InlineData("s3://bucket/x?endpoint=https://k:secret@host")]
    [InlineData("s3://bucket/x?endpoint=ftp://k:secret@host")]
    public void An_address_that_is_wrong_is_told_without_what_may_be_a_secret(string address)
    {
        VarveException e = Assert.Throws<VarveException>(() => S3Address.Parse(address));
        Assert.Equal(ErrorKind.Usage, e.Kind);
        Assert.DoesNotContain("secret@", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("=secret", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("AKIA", e.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Page(string key, string isTruncated, string token) => RequestProxy.Whole("200 OK",
        $"<ListBucketResult><IsTruncated>{isTruncated}</IsTruncated>{token}<Contents><Key>{key}</Key><Size>1</Size></Contents></ListBucketResult>");

    private static VarveException Fails(Func<object?> action)
    {
        VarveException e = Assert.Throws<VarveException>(action);
        Assert.Equal(ErrorKind.Storage, e.Kind);
        return e;
    }
}
