using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Varve.App.Daemon.Notices;
using Varve.App.Output.Archives;
using Varve.App.Output.Json;
using Varve.App.Output.Lists;
using Varve.App.Output.Pages;
using Varve.App.Output.Changes;
using Varve.App.Output.Daemon;
using Varve.App.Output.Drills;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.App.Output.Pruning;
using Varve.App.Output.Retention;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.App.Output;

/// <summary>
/// The tables of docs/json.md have the members of the types that are printed: all, no others, and <em>bytes</em> where they are bytes.
/// </summary>
public sealed class JsonDocumentTests
{
    private static readonly string s_document = File.ReadAllText(Path.Combine(VarveProcess.Clone, "docs/json.md"));

    [Theory]
    [InlineData("backup", typeof(BackupReport), typeof(SnapshotReport))]
    [InlineData("backup, created", typeof(CreatedReport))]
    [InlineData("backup, dry run", typeof(DryRunReport))]
    [InlineData("backup, progress", typeof(ProgressReport))]
    [InlineData("backup, unsaved", typeof(UnsavedReport))]
    [InlineData("backup, unsaved sources", typeof(UnsavedSource))]
    [InlineData("snapshots", typeof(SnapshotReport))]
    [InlineData("ls", typeof(EntryReport))]
    [InlineData("ls --pending", typeof(PendingReport))]
    [InlineData("find", typeof(RevisionReport))]
    [InlineData("restore", typeof(RestoreReport))]
    [InlineData("failures of a snapshot", typeof(SnapshotFailureReport))]
    [InlineData("snapshots, left out", typeof(LeftOutPart))]
    [InlineData("snapshots, pin", typeof(PinPart))]
    [InlineData("prune", typeof(PruneReport))]
    [InlineData("prune, packs", typeof(PackPart))]
    [InlineData("prune, waiting", typeof(WaitPart))]
    [InlineData("prune --undo", typeof(PruneUndoneReport))]
    [InlineData("forget", typeof(KeepReport))]
    [InlineData("forget, reasons", typeof(KeepReasonPart))]
    [InlineData("forget, totals", typeof(ForgetReport))]
    [InlineData("forget, freed", typeof(FreedPart))]
    [InlineData("forget --damaged", typeof(DamagedForgottenReport))]
    [InlineData("pin and tag", typeof(MarkReport))]
    [InlineData("apply-metadata", typeof(AppliedReport))]
    [InlineData("plan", typeof(PlanReport))]
    [InlineData("plan, counts", typeof(PlanCountPart))]
    [InlineData("unstable", typeof(UnstableReport))]
    [InlineData("entries of a run", typeof(ChangedEntryReport))]
    [InlineData("check, steps", typeof(CheckStepReport))]
    [InlineData("catalog status, runs", typeof(RunReport))]
    [InlineData("check", typeof(CheckReport))]
    [InlineData("verify", typeof(DrillReport))]
    [InlineData("verify, faults", typeof(DrillFaultPart))]
    [InlineData("Notices", typeof(NoticeBody))]
    [InlineData("check, damages", typeof(DamageReport))]
    [InlineData("archive", typeof(ArchiveReport))]
    [InlineData("extract", typeof(ExtractReport))]
    [InlineData("digest", typeof(DigestReport))]
    [InlineData("digest, directories", typeof(DigestDirectoryReport))]
    [InlineData("digest --check", typeof(DigestCheckReport))]
    [InlineData("stats", typeof(StatsReport))]
    [InlineData("init", typeof(InitReport))]
    [InlineData("source list", typeof(SourceReport))]
    [InlineData("history", typeof(HistoryReport))]
    [InlineData("grep", typeof(MatchReport))]
    [InlineData("log", typeof(RunLogReport))]
    [InlineData("noscan", typeof(NoScanReport))]
    [InlineData("why", typeof(WhyReport))]
    [InlineData("log, entries", typeof(LogEntryReport))]
    [InlineData("diff", typeof(DifferenceReport))]
    [InlineData("diff, before and after", typeof(StatePart))]
    [InlineData("diff, totals", typeof(DifferenceTotals))]
    [InlineData("Errors, snapshots", typeof(SnapshotPart))]
    [InlineData("Errors, sources", typeof(SourcePart))]
    [InlineData("key list", typeof(KeyReport))]
    [InlineData("key add", typeof(KeyAddedReport), typeof(KeyReport))]
    [InlineData("key passwd", typeof(KeyChangedReport), typeof(KeyReport))]
    [InlineData("key remove", typeof(KeyRemovedReport))]
    [InlineData("key export", typeof(KeyExportedReport))]
    [InlineData("key import", typeof(KeyImportedReport), typeof(KeyReport))]
    [InlineData("config check", typeof(ConfigCheckReport))]
    [InlineData("config check, problems", typeof(ConfigProblem))]
    [InlineData("catalog status", typeof(CatalogStatusReport))]
    [InlineData("catalog rebuild", typeof(CatalogRebuildReport))]
    [InlineData("add and remove", typeof(WatchedReport))]
    [InlineData("list", typeof(JobReport))]
    [InlineData("status, progress", typeof(JobProgressPart))]
    [InlineData("status", typeof(StatusReport))]
    [InlineData("run, pause and resume", typeof(AnswerReport))]
    [InlineData("daemon install, uninstall and status", typeof(UnitReport))]
    [InlineData("config check, in force", typeof(WatchPart))]
    [InlineData("failures", typeof(FailureReport))]
    [InlineData("Errors", typeof(ErrorFacts))]
    public void A_table_has_the_members_of_its_type(string heading, Type type, Type? without = null)
    {
        Dictionary<string, bool> expected = Members(type);
        if (without is not null)
        {
            foreach (string inherited in Members(without).Keys) { expected.Remove(inherited); }
        }

        Assert.Equal(Text(expected), Text(Table(heading)));
    }

    [Fact]
    public void Every_type_that_is_printed_has_its_table()
    {
        HashSet<Type> tested = [
            .. typeof(JsonDocumentTests).GetMethod(nameof(A_table_has_the_members_of_its_type))!.GetCustomAttributesData()
            .Where(static a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(static a => (Type)((IReadOnlyList<CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[1].Value!)];
        Assert.All(typeof(BackupReport).Assembly.GetTypes()
            .Where(static t => t.GetInterfaces().Any(static i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReport<>))),
            t => Assert.True(t == typeof(SqlRow) || tested.Contains(t), t.Name));
    }

    /// <summary>Names as JSON has them, and which are bytes. What stands beside bytes that are no text is not named again.</summary>
    private static Dictionary<string, bool> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.PropertyType != typeof(byte[])).ToDictionary(
            static p => p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(p.Name),
            static p => (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) == typeof(ByteText));

    private static Dictionary<string, bool> Table(string heading)
    {
        string[] lines = s_document.Split('\n');
        int start = Array.FindIndex(lines, l => l.TrimStart('#') == " " + heading);
        Assert.True(start >= 0, $"there is no heading '{heading}'");
        IEnumerable<string> rows = lines.Skip(start + 1).TakeWhile(static l => !l.StartsWith('#')).SkipWhile(static l => !l.StartsWith('|'))
            .TakeWhile(static l => l.StartsWith('|')).Skip(2);
        var members = new Dictionary<string, bool>();
        foreach (string row in rows)
        {
            string[] cells = row.Split('|');
            foreach (Match name in Regex.Matches(cells[1], "`([A-Za-z]+)`"))
            {
                members.Add(name.Groups[1].Value, cells[2].Contains("*bytes*", StringComparison.Ordinal));
            }
        }

        return members;
    }

    private static string Text(Dictionary<string, bool> members) =>
        string.Join('\n', members.Select(static m => m.Key + (m.Value ? " bytes" : "")).Order(StringComparer.Ordinal));
}
