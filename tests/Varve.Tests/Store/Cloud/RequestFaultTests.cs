using Amazon.Runtime;
using Varve.Backup;
using Varve.Maintain.Findings;
using Varve.Model;
using Varve.S3;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Cloud;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Vault;

namespace Varve.Tests.Store.Cloud;

/// <summary>
/// A proxy between Varve and a real engine does something to every single request of a backup, one after the other: what passes is made up
/// for, what stays is told, and nothing is lost.
/// </summary>
[Collection(Clouds.Name)]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class RequestFaultTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly RequestProxy _proxy = new(CloudEngine.Ceph.Port);
    private readonly NoWaiting _time = new();
    private readonly string _address = CloudEngine.Ceph.NewAddress(), _source;

    public RequestFaultTests()
    {
        _source = Path.Combine(_d.Path, "source");
        ChangingTree.Create(_source);
        using (Repository.Init(Direct, Key, "first", Options("cache"))) { }
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _d.Dispose();
    }

    [Fact]
    public void Whatever_happens_to_single_requests_of_a_backup_is_made_up_for()
    {
        RequestFault[] faults =
        [
            RequestFault.Dropped, RequestFault.Unanswered, RequestFault.Cut, RequestFault.Repeated, RequestFault.InternalError,
            RequestFault.SlowDown,
        ];
        for (int run = 0; run < 2 * faults.Length; run++)
        {
            Write(run);
            // Every other one, since a fault for each try is the other test. Before anything was answered nobody waits for a service.
            int shift = run;
            _proxy.Restart((n, _) => n > 0 && (n + shift) % 2 == 0 ? faults[(n + shift) / 2 % faults.Length] : RequestFault.None);
            using Repository repository = Repository.Open(Proxied, Key, Options("cache"));
            BackupResult result = Engine.Backup(repository, _source);
            Assert.True(result.FailureCount == 0, $"run {run}");
            Assert.InRange(_proxy.Requests, 2 * faults.Length, 500);
        }

        Assert.Equal(TimeSpan.FromSeconds(RequestProxy.Quiet), _time.Longest);
        RequireWhole();
    }

    [Theory]
    [InlineData(RequestFault.Dropped)]
    [InlineData(RequestFault.Unanswered)]
    public void A_line_that_breaks_at_any_change_of_the_store_and_stays_so_is_told_and_loses_nothing(RequestFault fault)
    {
        int at = 0;
        for (bool happened = true; happened; at++)
        {
            Write(at);
            int left = at;
            (happened, bool isCommitted) = (false, false);
            _proxy.Restart((_, line) =>
            {
                bool changes = !line.StartsWith("GET", StringComparison.Ordinal) && !line.StartsWith("HEAD", StringComparison.Ordinal);
                happened |= changes && left-- == 0;
                isCommitted |= !happened && changes && line.Contains("/snapshots/", StringComparison.Ordinal);
                return happened ? fault : RequestFault.None;
            });
            VarveException? told = null;
            try
            {
                using Repository repository = Repository.Open(Proxied, Key, Options("cache"));
                Engine.Backup(repository, _source);
            }
            catch (VarveException e) { told = e; }
            Assert.True(told is null || (told.Kind, told.Advice, told.IsRetryable) == (ErrorKind.Storage, Advice.CheckConnection, true),
                $"{fault} from change {at} on: {told}");
            Assert.True(told is not null || isCommitted || !happened, $"{fault} from change {at} on is not told");
            Assert.True(happened || told is null, $"nothing happened, and yet: {told}");
        }

        Assert.InRange(at, 5, 100);
        using Repository next = Repository.Open(Direct, Key, Options("cache"));
        Assert.Equal(0, Engine.Backup(next, _source).FailureCount);
        RequireWhole();
    }

    [Theory]
    [InlineData(RequestFault.Forbidden, Advice.CheckCloudRights)]
    [InlineData(RequestFault.Expired, Advice.CheckCloudCredentials)]
    public void Credentials_that_end_in_the_middle_are_told_as_that_after_one_more_try_at_most(RequestFault fault, Advice advice)
    {
        const int Some = 12;
        _proxy.Restart((n, _) => n >= Some ? fault : RequestFault.None);
        using Repository repository = Repository.Open(Proxied, Key, Options("cache"));
        VarveException e = Assert.Throws<VarveException>(() => Engine.Backup(repository, _source));
        Assert.Equal((ErrorKind.Storage, advice, false), (e.Kind, e.Advice, e.IsRetryable));
        Assert.InRange(_time.Longest, TimeSpan.Zero, TimeSpan.FromSeconds(0.25));
    }

    [Fact]
    public void Clocks_that_are_too_far_apart_are_told_as_that()
    {
        _proxy.Restart(static (_, _) => RequestFault.Skewed);
        VarveException e = Assert.Throws<VarveException>(() => Repository.Open(Proxied, Key, Options("cache")));
        Assert.Equal((ErrorKind.Storage, Advice.CheckClock), (e.Kind, e.Advice));
    }

    private RepositoryLocation Direct => At(_address);

    private RepositoryLocation Proxied => At(_address.Replace($":{CloudEngine.Ceph.Port}", $":{_proxy.Port}", StringComparison.Ordinal));

    private Credentials Key => new() { KeyFilePath = Path.Combine(_d.Path, "key") };

    private RepositoryLocation At(string text)
    {
        S3Address place = S3Address.Parse(text);
        var credentials = new BasicAWSCredentials(CloudEngine.Ceph.Access, CloudEngine.Secret);
        return new RepositoryLocation(place.ToString(), opening =>
            S3Store.Open(S3Clients.Create(place, credentials), place, opening with { Time = _time }));
    }

    private RepositoryOptions Options(string cache) => new() { CacheRoot = Path.Combine(_d.Path, cache) };

    private void Write(int round) => File.WriteAllText(Path.Combine(_source, "round"), $"round {round}");

    private void RequireWhole()
    {
        using Repository repository = Repository.Open(Direct, Key, Options("other-cache"));
        CheckResult check = Engine.Check(repository);
        Assert.True(check.DamageCount == 0, string.Join("; ", check.Damages.Select(static d => $"{d.Object}: {d.Problem}")));
        string target = Path.Combine(_d.Path, "restored-" + Guid.NewGuid().ToString("N"));
        Engine.Restore(repository, target);
        Assert.Equal("", RsyncJudge.Compare(_source, target));
    }
}
