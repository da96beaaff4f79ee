using System.Diagnostics;
using System.Globalization;
using Varve.Catalog;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Locks;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Backups of several sources write to one catalog, and none keeps another waiting.</summary>
public sealed class CatalogTurnTests : IDisposable
{
    /// <summary>What SQLite locks in the -shm file while somebody writes.</summary>
    private const int WriteLock = 120;

    private readonly Desk _desk = new();
    private readonly string _other;

    public CatalogTurnTests()
    {
        for (int i = 0; i < 6; i++)
        {
            Directory.CreateDirectory(_desk[$"slow/d{i}"]);
            for (int k = 0; k < 4; k++) { File.WriteAllBytes(_desk[$"slow/d{i}/f{k}"], Desk.Bytes(i * 10 + k, 3_000_000)); }
        }

        _other = _desk["other"];
        Directory.CreateDirectory(_other);
        File.WriteAllText(_other + "/file", "of the other source");
        _desk.Varve.Succeed("backup", _other);
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_backup_goes_on_while_that_of_another_source_reads_one_large_file()
    {
        using var gates = new Gates(Gate.BatchRead, Gate.RunStored);
        using Process slow = StartSlow(gates);
        File.WriteAllText(_other + "/file", "of the other source, later");
        VarveResult other = _desk.Varve.Succeed("backup", "--json", _other);
        Assert.Equal(1, other.Json[^1].GetProperty("changed").GetInt64());
        Assert.DoesNotContain("waited for", other.Error, StringComparison.Ordinal);
        gates.Open(Gate.BatchRead);
        gates.Open(Gate.RunStored);
        VarveProcess.Finish(slow).Expect(0);
        RequireBoth();
    }

    [Fact]
    public void A_backup_that_is_killed_after_it_let_another_write_believes_none_of_what_it_had_not_stored()
    {
        using var gates = new Gates(Gate.BatchRead, Gate.RunStored);
        using Process slow = StartSlow(gates);
        _desk.Varve.Succeed("backup", _other);
        // What it has read is in the catalog, and in no pack.
        Assert.True(FilesOf("slow") > 0);
        slow.Kill();
        _ = VarveProcess.Finish(slow);
        VarveResult again = _desk.Varve.Succeed("backup", "--json", _desk["slow"]);
        Assert.True(again.Json[^1].GetProperty("resumed").GetBoolean());
        RequireBoth();
    }

    [Fact]
    public void Who_waits_for_the_catalog_says_for_whom_and_one_signal_ends_it()
    {
        CatalogFile catalog = OpenCatalog();
        using CatalogWriter writer = catalog.OpenWriter();
        writer.Begin();
        File.WriteAllText(_other + "/file", "of the other source, later");
        using var gates = new Gates(Gate.WaitsToWrite);
        gates.PassAll(Gate.WaitsToWrite);
        using Process waiting = _desk.Varve.StartHeld(gates, "backup", _other);
        string told = string.Create(CultureInfo.InvariantCulture, $"is held by process {Environment.ProcessId}: it is waited for");
        string? line = "";
        while (line is not null && !line.Contains(told, StringComparison.Ordinal)) { line = waiting.StandardError.ReadLine(); }
        Assert.NotNull(line);
        Assert.True(writer.IsAwaited());
        Signals.Send(waiting, Signals.Interrupt);
        VarveProcess.Finish(waiting).Expect(128 + Signals.Interrupt);
        writer.Rollback();
        Assert.False(writer.IsAwaited());
        _desk.Varve.Succeed("backup", _other);
    }

    /// <summary>A backup that has written to the catalog and reads on; it comes to no checkpoint.</summary>
    private Process StartSlow(Gates gates)
    {
        gates.Pass(Gate.BatchRead, 2);
        Process slow = _desk.Varve.StartHeld(gates, "backup", "--json", _desk["slow"]);
        gates.Await(Gate.BatchRead, slow, times: 3);
        string log = OpenCatalog().Path + "-shm";
        Poll.Until(() => LockHolder.Of(log, WriteLock) == slow.Id, "the backup writes to the catalog");
        return slow;
    }

    private CatalogFile OpenCatalog()
    {
        string path = Directory.GetFiles(_desk["home/.cache/varve"], "catalog.db", SearchOption.AllDirectories).Single();
        Assert.True(RepositoryId.TryParse(Path.GetFileName(Path.GetDirectoryName(path)), out RepositoryId repository));
        return CatalogFile.Open(path, repository);
    }

    private long FilesOf(string source)
    {
        long files = 0;
        CatalogSql.Query(OpenCatalog().Path, $"SELECT count(*) FROM files WHERE kind='file' AND source='{source}'", static _ => { },
            row => files = (long)row[0]!);
        return files;
    }

    private void RequireBoth()
    {
        _desk.Varve.Succeed("check", "--read-data");
        foreach (string source in (string[])["slow", "other"])
        {
            _desk.Varve.Succeed("restore", "--source", source, "--target", _desk["restored-" + source]);
            Assert.Equal("", RsyncJudge.Compare(_desk[source], _desk["restored-" + source]));
        }
    }
}
