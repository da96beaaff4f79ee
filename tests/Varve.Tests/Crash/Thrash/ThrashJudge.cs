using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Crash.Thrash;

/// <summary>Looks, while nobody is at work, at all that there is.</summary>
internal sealed class ThrashJudge(ThrashPlace place, IReadOnlyList<ThrashSource> sources, ThrashTruth truth, ThrashFigures figures)
{
    private const int AtOnce = 3;

    /// <summary>The snapshots that there were when it last looked, each with its source.</summary>
    internal IReadOnlyDictionary<string, ThrashSource> Listed { get; private set; } = new Dictionary<string, ThrashSource>();

    /// <summary>
    /// All that has to be there is there, and all that is there restores, with each of these caches; a check that reads everything finds
    /// nothing.
    /// </summary>
    internal void Require(IReadOnlyList<string> caches, string when)
    {
        string fresh = place.New("fresh");
        JsonElement[] listed = [.. place.Varve(fresh).Run("snapshots", "--json").Expect(0).Json];
        var of = listed.ToDictionary(static s => s.GetProperty("snapshot").GetString()!, SourceOf);
        Listed = of;
        Assert.True(truth.Needed.All(of.ContainsKey), $"{when}: not there: {string.Join(", ", truth.Needed.Where(s => !of.ContainsKey(s)))}");
        foreach (string cache in (string[])[fresh, .. caches])
        {
            Parallel.ForEach(of, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                one => RequireRestores(one.Key, one.Value, cache, when));
        }

        VarveResult check = place.Varve(fresh).Run("check", "--read-data");
        Assert.True(check.ExitCode == 0, $"{when}: check ended with {check.ExitCode}: {check.Text}{check.Error}");
        Programs.Run("rm", "-rf", fresh);
    }

    /// <summary>A tree that was restored is the state that its snapshot has to be.</summary>
    internal void RequireIs(string snapshot, ThrashSource source, string target, string when)
    {
        int version = ThrashSource.VersionOf(target);
        Assert.True(truth.VersionOf(snapshot) is not { } said || said == version, $"{when}: {snapshot} is version {version}");
        string differences = RsyncJudge.Compare(source.Kept(version), target);
        Assert.True(differences.Length == 0, $"{when}: {snapshot} differs: {differences}");
        Programs.Run("rm", "-rf", target);
        Interlocked.Increment(ref figures.Restored);
    }

    private void RequireRestores(string snapshot, ThrashSource source, string cache, string when)
    {
        string target = place.New("restored");
        VarveResult result = place.Varve(cache).Run("restore", snapshot, "--target", target);
        Assert.True(result.ExitCode == 0,
            $"{when}: restoring {snapshot} with {cache} ended with {result.ExitCode}: {result.Text}{result.Error}");
        RequireIs(snapshot, source, target, when);
    }

    private ThrashSource SourceOf(JsonElement snapshot) =>
        Assert.Single(sources, s => s.Path == snapshot.GetProperty("root").GetString());
}
