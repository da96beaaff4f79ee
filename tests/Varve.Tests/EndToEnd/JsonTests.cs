using System.Text.Json;
using System.Text.RegularExpressions;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>What <c>--json</c> prints has the members that docs/json.md promises, and no others.</summary>
public sealed class JsonTests : IDisposable
{
    private const string Snapshot =
        "writer signature undecided generation snapshot sourceId source host user root canonicalRoot tags pin start end unchangedUntil "
        + "partial parent program files directories symlinks others bytes failed "
        + "new changed metadataOnly unchanged gone moved bytesRead bytesAdded bytesStored pendingFiles pendingBytes leftOut";

    private const string Entry = "path kind size mode uid gid mtime ctime inode torn";
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Every_command_prints_the_documented_members()
    {
        string source = _desk.Source();
        ZooPosix.MakeNode(ZooPosix.Path(source + "/null"), 0x2000 | 0x1B6, 1, 3);
        Members("repository id createdKeyFile", "init");
        Members("type nothingChanged skipped resumed torn unstable deltaFiles deltaBytes seconds failureCount failures pending notes "
            + "unmatchedExcludes " + Snapshot, "backup", "--tag", "t", source);
        Members(Snapshot, "snapshots");
        Members(Entry + " user group target", "ls", ":link");
        Members(Entry + " user group major minor", "ls", ":null");
        Members(Entry + " user group", "ls", ":report.odt");
        Members(Entry + " source host first firstTime last lastTime current failedIn failing movedFrom", "find", "report.odt");
        Members("source host path copy properties movedFrom kind size mode uid gid mtime ctime torn first firstTime last lastTime current failedIn "
            + "failing", "history", "report.odt");
        Members("source host path first firstTime last lastTime current line text", "grep", "-i", "DEAR", "letters/to-anna.txt");
        Members("type before after new changed metadata moved movedChanged gone failed pending leftOut bytesNew bytesGone bytesBefore "
            + "bytesAfter", "diff", "latest", "latest");
        Members("snapshot sourceId source host canonicalRoot writer signature start target files directories others bytes kept dryRun replaced "
            + "metadataOnly unchanged leftAlone deleted deletedBytes protectedCount protected verified seconds tornCount torn "
            + "lackingCount lacking pendingFiles failureCount failures notSet unmatchedIncludes unmatchedExcludes",
            "restore", "--target", _desk["restored"]);
        File.WriteAllText(_desk["list"], "1 2 restored/report.odt\n");
        Members("target applied skippedLines failureCount failures notSet",
            "apply-metadata", _desk["list"], "--target", _desk[""], "--skip-bad-lines");
        Members("due volumes alone beyondBudget tooLarge saved savedNewer excluded duplicate gone skippedLines refused failureCount failures",
            "plan", "--live", source, "--saved-snapshot", "latest", "--output", _desk["due"], "--format", "names0");
        Members("ok objects packs snapshots chunks bytesRead damageCount damages healed again notes", "check");
        Members("repository version created snapshots sources dataPacks metaPacks dataBytes metaBytes indexRuns indexBytes chunks "
            + "rawBytes storedBytes protectedBytes", "stats");
        Members("path digest entries bytes failureCount failures", "digest", source);
        _desk.Write("digests", _desk.Varve.Succeed("digest", source).Text);
        Members("path state recorded digest", "digest", "--check", _desk["digests"]);
        Directory.CreateDirectory(_desk["archives"]);
        Members("archive unchanged digest files directories others bytes size volumes seconds tornCount torn failureCount failures skippedCount skipped "
            + "removed", "archive", "--to", _desk["archives"], source);
        Members("archive target files directories others bytes seconds failureCount failures notSet",
            "extract", Directory.GetFiles(_desk["archives"])[0], "--target", _desk["extracted"]);
        const string Marked = "snapshot sourceId source host start tags pin";
        Members(Marked, "pin", "latest", "--until", "2999-01-01");
        Members(Marked, "tag", "add", "latest", "u");
        Members(Marked, "unpin", "latest");
        Members("type dryRun kept forgotten finished freed", "forget", "--keep-last", "1", "--source", "Documents", "--tag", "none of these");
        Assert.Equal("canonicalRoot host keep partial reasons snapshot source sourceId start tags type",
            Names(_desk.Varve.Succeed("forget", "--keep-last", "1", "--dry-run", "--stats", "--json").Json[0]));
        Members("outcome unchanged snapshots removedSnapshots data meta unnamedPacks unnamedBytes deletedPacks deletedBytes newPacks newBytes "
            + "condemnedPacks condemnedBytes waitingFor keptUntil fencedSessions supersededRuns neededBytes unreadablePacks unknown unknownCount",
            "prune");
        Members("lists packs bytes gone others", "prune", "--undo");
        Members("type ok snapshots filesInAll files bytes same changed gone notCompared faultCount faults seed", "verify", "--drill");
        Members("key level method label created current", "key", "list");
        Members("key level method label created current createdKeyFile", "key", "add", "--label", "second", "--new-key-file",
            _desk["second"]);
        Members("removed", "key", "remove", "second");
        Members("path state problem bytes snapshotsKnown snapshotsStored revisions directories runs", "catalog", "status");
        Members("path snapshots directories revisions bytes seconds", "catalog", "rebuild");
        _desk.Varve.Environment["VARVE_STATE_DIR"] = _desk["state"];
        Members("name path done schedule to daemonRuns", "add", source, "--cron", "0 3 * * *");
        const string Job = "name kind path to schedule configured state digest snapshot lastStart lastEnd lastGood next failures failureCount "
            + "files bytes overdue message hint runningSince progress watch";
        Members(Job, "list");
        VarveResult status = _desk.Varve.Run("status", "--json").Expect(1);
        Assert.Equal("jobs paused problems process program running since stateDirectory type waitsFor", Names(status.Object));
        Members("name path done schedule to daemonRuns", "remove", "Documents");
        Members("n n:2 b", "sql", "select 1 as n, 2 as n, x'00ff' as b");
    }

    [Fact]
    public void Members_have_the_documented_shapes()
    {
        string source = _desk.Source();
        JsonElement backup = _desk.Varve.Succeed("backup", "--json", "--tag", "t", source).Json[^1];
        Assert.Matches("^[0-9a-f]{64}$", backup.GetProperty("snapshot").GetString()!);
        Assert.Matches("^[0-9a-f]{64}$", backup.GetProperty("sourceId").GetString()!);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$", backup.GetProperty("start").GetString()!);
        Assert.Equal(JsonValueKind.Null, backup.GetProperty("parent").ValueKind);
        Assert.Equal(source, backup.GetProperty("root").GetString());
        Assert.Equal("t", Assert.Single(backup.GetProperty("tags").EnumerateArray()).GetString());
        Assert.StartsWith("varve ", backup.GetProperty("program").GetString(), StringComparison.Ordinal);
        Assert.Equal(backup.GetProperty("snapshot").GetString(),
            _desk.Varve.Succeed("backup", "--json", source).Object.GetProperty("parent").GetString());

        IReadOnlyList<JsonElement> entries = _desk.Varve.Succeed("ls", "--json", "-R").Json;
        JsonElement bytes = Assert.Single(entries, static e => e.GetProperty("path").ValueKind == JsonValueKind.Null);
        Assert.Equal([0xFF, (byte)'\n', (byte)'b'], bytes.GetProperty("pathBytes").GetBytesFromBase64());
        JsonElement link = Assert.Single(entries, static e => e.GetProperty("path").GetString() == "link");
        Assert.Equal(("symlink", "report.odt"), (link.GetProperty("kind").GetString(), link.GetProperty("target").GetString()));
        JsonElement photo = Assert.Single(entries, static e => e.GetProperty("path").GetString() == "photo.raw");
        Assert.Equal(("file", 5_000_000L, 0x1A4, "root", false),
            (photo.GetProperty("kind").GetString(), photo.GetProperty("size").GetInt64(), photo.GetProperty("mode").GetInt32(),
            photo.GetProperty("user").GetString(), photo.GetProperty("torn").GetBoolean()));
        Assert.Equal("AP8=", _desk.Varve.Succeed("sql", "select x'00ff' as b", "--json").Object.GetProperty("b").GetProperty("base64")
            .GetString());
    }

    [Fact]
    public void Every_member_that_is_printed_is_in_the_document()
    {
        string document = File.ReadAllText(System.IO.Path.Combine(VarveProcess.Clone, "docs/json.md"));
        HashSet<string> words = [.. Regex.Matches(document, "[A-Za-z]+").Select(static m => m.Value)];
        string source = _desk.Source();
        foreach (string command in (string[])["backup " + source, "snapshots", "ls -R", "find *", "history report.odt", "diff latest latest", "check", "stats", "key list",
            "pin latest", "snapshots", "forget --keep-last 1 --stats", "unpin latest", "prune", "prune --undo",
            "verify --drill", "catalog status", "catalog rebuild", "restore --target " + _desk["r"]])
        {
            foreach (JsonElement line in _desk.Varve.Succeed([.. command.Split(' '), "--json"]).Json)
            {
                foreach (JsonProperty member in line.EnumerateObject())
                {
                    string name = member.Name.EndsWith("Bytes", StringComparison.Ordinal) && !words.Contains(member.Name)
                        ? member.Name[..^5] : member.Name;
                    Assert.True(words.Contains(name), $"{command}: {member.Name} is not documented");
                }
            }
        }
    }

    private void Members(string expected, params string[] command)
    {
        JsonElement printed = _desk.Varve.Succeed([.. command, "--json"]).Object;
        Assert.Equal((string.Join(' ', command), string.Join(' ', expected.Split(' ').Order(StringComparer.Ordinal))),
            (string.Join(' ', command), Names(printed)));
    }

    private static string Names(JsonElement e) =>
        string.Join(' ', e.EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal));
}
