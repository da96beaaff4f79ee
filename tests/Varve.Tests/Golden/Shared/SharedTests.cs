using System.Text;
using Varve.Backup;
using Varve.Maintain.Check;
using Varve.Maintain.Findings;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Vault;
using Varve.Vault.Runs;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Golden.Shared;

/// <summary>
/// The golden repository of several keys, of the state of the format that was frozen: with everything that came with sharing a repository.
/// Whatever becomes of the program, it must read all of it as the manifest beside it says.
/// </summary>
public sealed class SharedTests : IDisposable
{
    private readonly ZooDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(-10)] // the clock was reset
    [InlineData(10)] // sessions and pins are over by any count
    [InlineData(100)]
    public void The_library_says_of_every_object_what_the_manifest_says(int yearsLater)
    {
        using Repository repository = SharedGolden.Open(_d, SharedGolden.Full, time: new LaterTime(TimeSpan.FromDays(366 * yearsLater)));
        string[] expected = [.. SharedGolden.Expected.Where(static l => !l.StartsWith("file ", StringComparison.Ordinal)
            && !l.StartsWith("said note ", StringComparison.Ordinal))];
        Assert.Equal(expected, SharedText.Of(repository).Order(StringComparer.Ordinal));
        Assert.Equal(14, repository.SnapshotStore.Present().Count);
    }

    [Theory]
    [InlineData(SharedGolden.Full)]
    [InlineData(SharedGolden.OldFull)]
    public void A_reader_written_from_the_document_alone_says_the_same(string key) =>
        Assert.Equal(SharedGolden.Expected, SharedGolden.ToldByPython(_d, key));

    [Theory]
    [InlineData(SharedGolden.Full, KeyLevel.Full, true)]
    [InlineData(SharedGolden.OldFull, KeyLevel.Full, true)]
    [InlineData(SharedGolden.Laptop, KeyLevel.Write, true)]
    [InlineData(SharedGolden.Server, KeyLevel.Write, true)]
    [InlineData(SharedGolden.OldWrite, KeyLevel.Write, false)]
    public void Each_key_opens_it_and_lists_the_snapshots_as_far_as_it_can_tell(string key, KeyLevel level, bool canTell)
    {
        using Repository repository = SharedGolden.Open(_d, key);
        Assert.Equal((level, canTell ? key : null), (repository.Level, repository.Writer?.Label));
        Assert.Equal(SharedGolden.Keys.Order(), repository.Keys().Select(static k => k.Label).Order());
        IReadOnlyList<SnapshotInfo> all = repository.Snapshots(static e => throw e);
        Assert.All(all, s => Assert.Equal(level == KeyLevel.Full, s.Snapshot.Private is not null));
        Assert.All(all, s => Assert.Equal(level == KeyLevel.Full ? "golden" : null, s.Snapshot.Private?.User));
        IEnumerable<string> standings = all.Select(static s =>
            $"{SharedText.Short(s.Name)} {(s.Snapshot.IsUndecided ? "undecided" : "counts")} {Who(s.Snapshot)}");
        string[] expected = [.. Standings().Where(static s => !s.Contains(" void ", StringComparison.Ordinal))];
        if (canTell) { Assert.Equal(expected, standings.Order(StringComparer.Ordinal)); }
        else
        {
            // It cannot tell who signed, so it takes the server's decision to count, which leaves out what the laptop made last.
            Assert.All(all, static s => Assert.True(s.Snapshot.Signature is SignatureState.Unknown or SignatureState.Unsigned));
            Assert.Equal(SharedGolden.Expected.Count(static l => l.Contains("standing=", StringComparison.Ordinal)
                && !l.Contains("session=" + Disregarded, StringComparison.Ordinal)) - 1, all.Count);
        }
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Each_snapshot_that_counts_is_restored_to_the_byte()
    {
        using Repository repository = SharedGolden.Open(_d, SharedGolden.Full);
        int restored = 0;
        foreach (SnapshotInfo info in repository.Snapshots().Where(static s => s.Snapshot.Signature != SignatureState.Invalid))
        {
            string target = _d["target-" + restored++], start = $"file {SharedText.Short(info.Name)} ";
            RestoreResult result = Engine.Restore(repository, target, info.Name, static o => o with { NumericOwner = true });
            Assert.Empty(result.Failures);
            Assert.Empty(result.NotSet);
            Assert.Equal(SharedGolden.Expected.Where(l => l.StartsWith(start, StringComparison.Ordinal)).Select(l => l[start.Length..]),
                Manifest.Of(target).Order(StringComparer.Ordinal));
        }

        Assert.Equal(11, restored);
    }

    [Fact]
    public void A_check_finds_what_is_missing_and_what_is_false_and_nothing_else_that_is_damaged()
    {
        using Repository repository = SharedGolden.Open(_d, SharedGolden.Full);
        CheckResult check = Engine.Check(repository);
        Assert.Equal(SharedGolden.Expected.Count(static l => l.StartsWith("missing ", StringComparison.Ordinal)
            || l.StartsWith("false ", StringComparison.Ordinal)), check.Damages.Count);
        Assert.All(check.Damages, static d => Assert.Equal(Advice.AcknowledgeMissing, d.Advice));
        Assert.Empty(check.Healed);
        Assert.Equal(13, check.Snapshots);

        // One of each: what is acknowledged; several histories of one source; a fence and a list of packs that no full key signed; a run
        // that lacks a pack of what it supersedes, one that no full key signed.
        foreach (string note in (string[])["as is known", "histories apart", "fences/", "lacks packs/", "no full key signed it: they count"])
        {
            Assert.Contains(check.Notes, n => n.Contains(note, StringComparison.Ordinal));
        }

        using (Repository copy = SharedGolden.Open(_d, SharedGolden.Full, Copy()))
        {
            Checker.Run(copy, new CheckOptions { Acknowledge = true }, new CheckMonitor(), TestContext.Current.CancellationToken);
        }

        using Repository known = SharedGolden.Open(_d, SharedGolden.Full, _d["copy"]);
        Assert.Empty(Engine.Check(known).Damages);
    }

    [Theory]
    [InlineData(SharedGolden.Laptop, "alpha", 5)]
    [InlineData(SharedGolden.Server, "beta", 5)]
    [InlineData(SharedGolden.OldFull, "beta", 5)]
    [InlineData(SharedGolden.Full, "alpha", 3)]
    [Trait("Needs", "root")]
    public void A_backup_goes_on_with_the_history_of_its_key(string key, string host, int generation)
    {
        string source = _d["source"], place = Copy();
        bool isPapers = host == "alpha";
        if (isPapers) { SharedSource.WritePapers(source, 3); } else { SharedSource.WritePhotos(source); }
        BackupResult result;
        int packs;
        using (Repository repository = SharedGolden.Open(_d, key, place, host))
        {
            packs = DataPacks(repository);
            result = Engine.Backup(repository, source, o => o with
            {
                CanonicalRoot = Encoding.UTF8.GetBytes(isPapers ? SharedSource.Papers : SharedSource.Photos),
            });
            Assert.Equal((0L, (long)generation), (result.FailureCount, result.Snapshot.Generation));
        }

        string start = $"snapshot {SharedText.Short(result.Snapshot.Parent)} place";
        string parent = SharedGolden.Expected.Single(l => l.StartsWith(start, StringComparison.Ordinal));
        Assert.Contains($" generation={generation - 1} ", parent, StringComparison.Ordinal);
        Assert.Contains(" standing=counts ", parent, StringComparison.Ordinal);
        using Repository reader = SharedGolden.Open(_d, SharedGolden.Full, place, cache: "cache-reader");
        Engine.Restore(reader, _d["restored"], result.Name, static o => o with { NumericOwner = true });
        Assert.Equal(Manifest.Of(source), Manifest.Of(_d["restored"]));

        // What is there is relied on, but for what was left out before; the false snapshot and the missing one are still all there is.
        Assert.InRange(DataPacks(reader) - packs, 0, isPapers ? 1 : 0);
        Assert.Equal(2, Engine.Check(reader).DamageCount);
    }

    [Fact(Explicit = true)]
    [Trait("Needs", "root")]
    public void Write_the_golden_repository()
    {
        new SharedMaker(_d).Run();
        Assert.InRange(SharedGolden.Expected.Count, 200, 1_000);
    }

    private string Copy()
    {
        Programs.Run("cp", "-r", SharedGolden.Place, _d["copy"]);
        return _d["copy"];
    }

    /// <summary>The session that only a decision is on that no full key signed.</summary>
    private static string Disregarded =>
        SharedGolden.Expected.Where(static l => l.StartsWith("fences ", StringComparison.Ordinal))
        .Single(static l => l.Contains("by=server:", StringComparison.Ordinal)).Split("entries=")[1].Split(':')[0];

    /// <summary>Of each snapshot its name, what it is worth and who signed it.</summary>
    private static IEnumerable<string> Standings() =>
        SharedGolden.Expected.Where(static l => l.Contains(" standing=", StringComparison.Ordinal)).Select(static l =>
        {
            string[] words = l.Split(' ');
            return $"{words[1]} {words[3]["standing=".Length..]} {words[4]["by=".Length..]}";
        });

    private static string Who(Snapshot snapshot) => snapshot.Signature switch
    {
        SignatureState.Valid => $"{snapshot.Writer!.Label}:{(int)snapshot.Writer.Level}:{snapshot.Writer.Id[..16]}",
        SignatureState.Unsigned => "nobody",
        _ => "invalid",
    };

    private static int DataPacks(Repository repository) => repository.Indexes.Packs().Count(static p => p.Kind == PackKind.Data);
}
