using System.Text;
using Varve.App.Output;
using Varve.App.Output.Pages;
using Varve.App.Output.Reports;
using Varve.Backup;
using Varve.History.Entries;
using Varve.History;
using Varve.Maintain.Findings;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Tests.App.Output;

/// <summary>
/// Results that no small repository has, as JSON was before results became types: torn files, devices, moves, names that are not UTF-8,
/// progress.
/// </summary>
public sealed class ReportGoldenTests
{
    private static readonly byte[] s_odd = [0x61, 0xFF, (byte)'"'];
    private static readonly string s_text = "a \"q\" <b> & 'c' + \u00e9 \u2028 \U0001F600 \u0001\t\n/\\";
    private readonly MemoryStream _stream = new();

    [Fact]
    public void Results_are_written_as_they_were_recorded()
    {
        var output = new TextOutput(_stream);
        var json = Pages.Writer(output, json: true);
        Backup(json);
        Restore(json);
        Entries(json);
        Rest(json);
        Told(json);
        output.Flush();
        GoldenText.Assert("reports.txt", Encoding.UTF8.GetString(_stream.ToArray()));
    }

    private static void Backup(ReportWriter json)
    {
        var counts = new SnapshotCounts
        {
            Files = 1, Directories = 2, Symlinks = 3, Others = 4, Bytes = long.MaxValue, Failed = 6, New = 7, Changed = 8, MetadataOnly = 9,
            Unchanged = 10,
            Gone = 11, Moved = 12, BytesRead = 13, BytesAdded = 14, BytesStored = 15, PendingFiles = 16, PendingBytes = 17,
        };
        var snapshot = new Snapshot
        {
            SourceId = default, Start = new FileTime(1_795_341_600, 5), End = new FileTime(253402300800, 1), IsPartial = true,
            RootTree = default,
            Counts = counts, Parent = Name(7), Program = s_text,
            Private = new SnapshotPrivate
            {
                Source = s_text, Host = "h", User = "u", RootPath = s_odd,
                CanonicalRoot = "/\u00e9\""u8.ToArray(), Tags = ["t", s_text]
            },
        };
        Failure[] failures = [.. Enum.GetValues<FailedOperation>().Append((FailedOperation)99)
            .Select(static o => new Failure(s_odd, o, 13, s_text)), new Failure([], FailedOperation.Open, 0, "")];
        var result = new BackupResult(Name(1), snapshot, failures, 123_456,
            [new Notice(Subject.None, s_text), new Notice(Subject.None, "")], TimeSpan.FromTicks(12_345_678), true)
        {
            NothingChanged = true, Torn = 2, Unstable = 3, DeltaFiles = 4, DeltaBytes = 5,
            Pending = [new PendingFile(s_odd, 1, new FileTime(-1, 999_999_999)), new PendingFile("b"u8.ToArray(), 2, new FileTime(0, 0))],
        };
        json.Write(new BackupReport(result));
        json.Write(
            new BackupReport(
            new BackupResult(Name(1), snapshot with { Private = null, Parent = default, IsPartial = false }, [], 0, [],
            TimeSpan.FromSeconds(2), false)));
        json.Write(new PendingReport(result.Pending[0], default));
        json.Write(new SnapshotReport(Name(2), snapshot));
    }

    private static void Restore(ReportWriter json)
    {
        var options = new RestoreOptions { Snapshot = new SnapshotInfo(Name(3), Empty()), Target = s_odd };
        var result = new RestoreResult(1, 2, 3, 4, [new Failure(s_odd, FailedOperation.Write, 28, s_text)], 5, [s_text],
            TimeSpan.FromMilliseconds(1.2345))
        {
            Torn = [s_odd, "t"u8.ToArray()], TornCount = 6,
        };
        json.Write(new RestoreReport(options, result));
        json.Write(new RestoreReport(options, new RestoreResult(0, 0, 0, 0, [], 0, [], TimeSpan.Zero)));
    }

    private static void Entries(ReportWriter json)
    {
        var stat = new EntryStat
        {
            Kind = EntryKind.File, Mode = 0xFFF, Uid = uint.MaxValue, Gid = 2, Size = 3, Mtime = new FileTime(-1, 999_999_999),
            Ctime = new FileTime(long.MinValue, 0),
            Inode = ulong.MaxValue, RdevMajor = 8, RdevMinor = 1,
        };
        foreach (EntryKind kind in Enum.GetValues<EntryKind>())
        {
            stat.Kind = kind;
            byte[]? target = kind == EntryKind.Symlink ? s_odd : null;
            json.Write(new EntryReport(new ListedEntry(s_odd, stat, EntryFlags.Torn, target, s_text, null), default));
            json.Write(
                new EntryReport(
                new ListedEntry("a/b"u8.ToArray(), stat, EntryFlags.None, target is null ? null : "c\"\u00e9"u8.ToArray(), null, "g"),
                default));
        }

        foreach (byte[]? from in (byte[]?[])[null, s_odd, "old\u00e9"u8.ToArray()])
        {
            json.Write(
                new RevisionReport(
                new FoundRevision(s_odd, s_text, stat, EntryFlags.Torn, Name(4), new FileTime(0, 1), Name(5), new FileTime(2, 3),
                from is null)
                { MovedFrom = from }, default));
        }
    }

    private static void Rest(ReportWriter json)
    {
        json.Write(new UnstableReport(new UnstableFile(s_text, s_odd, true, new FileTime(4, 5), 6)));
        json.Write(new KeyReport(new KeySlotInfo(Name(6), KeyLevel.Write, "keyfile", s_text, "c", false)));
        json.Write(new SqlRow(["n\"", "s", "d", "i", "b", "t", ""], [null, 1L, 0.1, double.NaN, s_odd, s_text, double.NegativeInfinity]));
        foreach (long? expected in (long?[])[null, 9])
        {
            json.Write(new ProgressReport(new BackupProgress
            {
                Directories = 1, Files = 2, Bytes = 3, BytesRead = 4, BytesStored = 5, Failed = 6, ExpectedFiles = expected,
                ExpectedBytes = expected, Phase = "saving",
            }));
        }
    }

    private static void Told(ReportWriter json)
    {
        foreach (EntryChange change in Enum.GetValues<EntryChange>())
        {
            Failure? failure = change == EntryChange.Failed ? new Failure(s_odd, FailedOperation.Read, 5, s_text) : null;
            json.Write(new ChangedEntryReport(new ChangedEntry(change, s_odd, failure is null ? EntryKind.Directory : default, failure)));
        }

        json.Write(new CheckStepReport(new CheckStep("packs/00", null)));
        json.Write(new CheckStepReport(new CheckStep("packs/00", s_text)));
        json.Write(new SnapshotReport(Name(8), Empty(), new FileTime(1_795_341_600, 5)));
    }

    private static Snapshot Empty() =>
        new() { SourceId = default, Start = default, End = default, RootTree = default, Counts = new SnapshotCounts(), Program = "p" };

    private static ObjectName Name(byte b) => new(Enumerable.Repeat(b, 32).ToArray());
}
