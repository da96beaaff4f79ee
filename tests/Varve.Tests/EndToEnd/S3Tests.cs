using System.Diagnostics;
using Varve.App.Settings.Values;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Cloud;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A repository in a bucket of real engines.</summary>
[Collection(Clouds.Name)]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class S3Tests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("ceph")]
    [InlineData("swift")]
    public void All_that_is_done_with_a_repository_is_done_with_one_in_a_bucket(string name)
    {
        Use(name);
        string source = _desk.Source();
        VarveResult none = _desk.Varve.Run("snapshots", "--password-command", "echo x").Expect(ExitCodes.NoRepository);
        Assert.Contains("there is no bucket", none.Error, StringComparison.Ordinal);
        _desk.Varve.Succeed("init");
        _desk.Varve.Succeed("backup", source);
        _desk.Write("Documents/later.txt", "later");
        _desk.Varve.Succeed("backup", source);
        Assert.Equal(2, _desk.Varve.Succeed("snapshots", "--json").Json.Count);
        Assert.Contains("later.txt", _desk.Varve.Succeed("ls", "latest:" + source).Text);
        Assert.Contains("to-anna.txt", _desk.Varve.Succeed("find", "to-anna.txt").Text);
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("forget", "--keep-last", "1");
        _desk.Varve.Succeed("prune");
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
        Assert.DoesNotContain(CloudEngine.Secret, _desk.Varve.Succeed("stats").Text, StringComparison.Ordinal);
        VarveResult again = _desk.Varve.Run("init").Expect(ExitCodes.Usage);
        Assert.Contains("is there already", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_machines_back_up_into_one_bucket_at_once()
    {
        Use("ceph");
        _desk.Varve.Succeed("init");
        string[] sources = [.. Enumerable.Range(0, 4).Select(i =>
        {
            Directory.CreateDirectory(_desk[$"{i}"]);
            for (int k = 0; k < 4; k++) { _desk.Write($"{i}/{k}", Convert.ToHexString(Desk.Bytes(k, 300_000))); }
            return _desk[$"{i}"];
        })];
        Process[] all = [.. sources.Select((s, i) =>
        {
            _desk.Varve.Environment["VARVE_CACHE_DIR"] = _desk[$"cache-{i}"];
            return _desk.Varve.Start("backup", s);
        })];
        foreach (Process one in all) { VarveProcess.Finish(one).Expect(0); }
        Assert.Equal(4, _desk.Varve.Succeed("snapshots", "--json").Json.Count);
        _desk.Varve.Succeed("check", "--read-data");
    }

    [Fact]
    public void No_more_goes_there_in_a_second_than_was_allowed()
    {
        Use("ceph");
        _desk.Varve.Succeed("init");
        File.WriteAllBytes(_desk["random"], Desk.Bytes(1, 500_000));
        long began = Stopwatch.GetTimestamp();
        _desk.Varve.Succeed("backup", _desk["random"], "--limit-upload", "200K");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(2), TimeSpan.MaxValue);
        began = Stopwatch.GetTimestamp();
        _desk.Varve.Succeed("restore", "--target", _desk["back"], "--limit-download", "200K");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(2), TimeSpan.MaxValue);
    }

    [Fact]
    public void Without_credentials_and_with_wrong_ones_the_error_says_so()
    {
        Use("ceph");
        _desk.Varve.Succeed("init");
        _desk.Varve.Environment["AWS_SECRET_ACCESS_KEY"] = "wrong";
        string error = _desk.Varve.Run("snapshots").Expect(ExitCodes.Failed).Error;
        Assert.Contains("does not accept the credentials", error, StringComparison.Ordinal);
        Assert.Contains("AWS_PROFILE", error, StringComparison.Ordinal);
        _desk.Varve.Environment.Remove("AWS_ACCESS_KEY_ID");
        _desk.Varve.Environment.Remove("AWS_SECRET_ACCESS_KEY");
        error = _desk.Varve.Run("snapshots").Expect(ExitCodes.Failed).Error;
        Assert.Contains("AWS_ACCESS_KEY_ID", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://user:secret@bucket/x", "credentials come from the environment")]
    [InlineData("s3://host:9000/bucket", "?endpoint=https://HOST:PORT")]
    [InlineData("s3://Bucket/x", "lower-case")]
    [InlineData("s3://bucket/../x", "prefix")]
    [InlineData("s3://bucket/x?endpiont=https://host", "endpiont")]
    [InlineData("s3://bucket/x?endpoint=ftp://host", "https://")]
    public void An_address_that_is_wrong_is_told_what_is_wrong_with_it(string address, string what)
    {
        VarveResult wrong = _desk.Varve.Run("snapshots", "-r", address).Expect(ExitCodes.Usage);
        Assert.Contains(what, wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Error, StringComparison.Ordinal);
    }

    private void Use(string name)
    {
        CloudEngine engine = name == "ceph" ? CloudEngine.Ceph : CloudEngine.Swift;
        _desk.Varve.Environment["VARVE_REPO"] = engine.NewAddress();
        _desk.Varve.Environment["AWS_ACCESS_KEY_ID"] = engine.Access;
        _desk.Varve.Environment["AWS_SECRET_ACCESS_KEY"] = CloudEngine.Secret;
        _desk.Varve.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        _desk.Varve.Environment["VARVE_KEY_FILE"] = _desk["key"];
    }
}
