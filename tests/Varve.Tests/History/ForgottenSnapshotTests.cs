using Varve.Backup;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.History;
using Varve.Model;
using Varve.Tests.EndToEnd;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.History;

/// <summary>
/// A snapshot that another machine forgot is taken out of the catalog: which is then as one that is built from those that are left, and
/// costs what only the snapshot had.
/// </summary>
[Trait("Takes", "minutes")]
public sealed class ForgottenSnapshotTests : VaultTest
{
    private readonly List<ObjectName> _names = [];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_catalog_without_a_random_snapshot_is_as_one_built_from_those_that_are_left(int seed)
    {
        var random = new Random(seed);
        for (int run = 0; run < 7; run++)
        {
            for (int i = run == 0 ? 60 : random.Next(1, 12); i > 0; i--) { RandomChange.Make(_source, random); }
            if (random.Next(2) == 0) { FileClock.Settle(); }
            Backup();
        }

        while (_names.Count > 0)
        {
            for (int i = random.Next(1, 3); i > 0 && _names.Count > 0; i--) { Forget(random.Next(_names.Count)); }
            Sync();
            Same();
        }
    }

    /// <summary>
    /// Somebody forgets some, by a record, and backups go on while the catalog still has them, or has some of them: nothing that backups
    /// or readers see is another for it, and at the end the catalog is as one that is built anew.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Backups_go_on_while_forgotten_snapshots_are_in_the_catalog_still(int seed)
    {
        var random = new Random(seed);
        bool wereLeft = false;
        for (int round = 0; round < 12; round++)
        {
            for (int i = round == 0 ? 50 : random.Next(1, 10); i > 0; i--) { RandomChange.Make(_source, random); }
            if (random.Next(2) == 0) { FileClock.Settle(); }
            _vault.CatalogPatience = random.Next(2) == 0 ? TimeSpan.Zero : null;
            Backup();
            if (random.Next(3) > 0) { continue; }
            HashSet<ObjectName> some = [.. _names.Where(_ => random.Next(3) == 0)];
            if (some.Count == _names.Count) { some.Remove(_names[random.Next(_names.Count)]); }
            ForgetRecorded(some);
            wereLeft |= TakeOutSome(random);
            if (random.Next(2) > 0) { continue; }
            Sync();
            Same();
        }

        ForgetRecorded([.. _names.Take(_names.Count / 2)]);
        wereLeft |= TakeOutSome(random);
        Assert.True(wereLeft);
        _vault.BackupAll(_source);
        _vault.RestoreAll(Path.Combine(_d.Path, "restored"));
        Assert.Empty(Kit.Judges.TreeCompare.Compare(_source, Path.Combine(_d.Path, "restored")));
        Sync();
        Same();
        _vault.Check();
    }

    /// <summary>Takes some of what is gone out, as one that is killed in between does; whether any is left.</summary>
    private bool TakeOutSome(Random random)
    {
        using Repository repository = _vault.Open();
        CatalogFile catalog = CatalogAccess.Of(repository).OpenCurrent(null, CancellationToken.None, patience: TimeSpan.Zero);
        using CatalogReader reader = catalog.OpenReader();
        SourceRow source = Assert.Single(reader.Sources());
        List<SnapshotRow> rows = [.. reader.Snapshots(source.Id).Where(static r => r.State == SnapshotState.Complete)];
        Assert.Equal(_names.Count == 0 ? default : _names[^1], rows.Count == 0 ? default : rows[^1].Object); // what is last goes at once
        long[] gone = [.. rows.Where(r => !_names.Contains(r.Object)).Select(static r => r.Number).Reverse()];
        int most = gone.Length == 0 ? 0 : random.Next(gone.Length);
        if (most > 0)
        {
            using CatalogWriter writer = catalog.OpenWriter();
            Assert.Equal(most, writer.Snapshots.TakeOut(source.Id, gone, Varve.History.Import.ImportDistrust.WithoutFlag, n => n > gone[most]));
        }

        // What is there reads as it does from its trees, whatever is left beside it.
        foreach (ObjectName name in _names)
        {
            SnapshotRow row = rows.Single(r => r.Object == name);
            Assert.Equal(FromTrees(repository, name), FromCatalog(reader, source.Id, row.Number));
        }

        return gone.Length > most;
    }

    private static List<string> FromTrees(Repository repository, ObjectName name)
    {
        var paths = new List<string>();
        repository.ListEntries(repository.FindSnapshot(name.ToString()), null, recursive: true,
            e => paths.Add($"{Convert.ToHexString(e.Path)} {e.Stat.Kind} {e.Stat.Size} {e.Stat.Mtime}"), static f => Assert.Fail(f.Message));
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    private static List<string> FromCatalog(CatalogReader reader, long source, long number)
    {
        var paths = new List<string>();
        reader.Search.Find(Varve.Model.Paths.Glob.Parse("*"), source, (in MatchedRevision r) =>
        {
            if (r.Path.Length > 0 && r.First <= number && number < r.Last)
            {
                paths.Add($"{Convert.ToHexString(r.Path)} {r.Stat.Kind} {r.Stat.Size} {r.Stat.Mtime}");
            }

            return true;
        });
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    private void ForgetRecorded(HashSet<ObjectName> names)
    {
        if (names.Count == 0) { return; }
        using Repository repository = _vault.Open();
        SnapshotInfo[] named = [.. repository.Snapshots().Where(s => names.Contains(s.Name))];
        repository.Forget(new Varve.Maintain.Forget.ForgetRequest { Named = named, Zone = TimeZoneInfo.Utc, AllowsEmpty = true },
            static e => throw e);
        _names.RemoveAll(names.Contains);
    }

    public static TheoryData<int, bool> Places
    {
        get
        {
            var all = new TheoryData<int, bool>();
            foreach (int place in (int[])[0, 1, 2]) { foreach (bool killed in (bool[])[false, true]) { all.Add(place, killed); } }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void The_first_one_in_the_middle_and_the_last_go_beside_a_run_that_was_killed(int place, bool killed)
    {
        for (int i = 0; i < 3; i++)
        {
            Write($"d{i}/new", $"{i}");
            Write("d/changes", $"{i}");
            Write("d/sub/once", i == 1 ? "here" : "");
            if (i == 2) { Directory.Move(At("d0"), At("e0")); }
            Backup();
        }

        Write("d/changes", "again");
        for (int i = 0; i < 200; i++) { Write($"more/{i}/file", $"{i}"); }
        if (killed)
        {
            using var interruption = new Interruption(static p => p.Files >= 50);
            Assert.Throws<OperationCanceledException>(
                () => _vault.Backup(_source, static o => o with { Workers = 1 }, interruption.Monitor, interruption.Token));
        }

        Forget(place);
        Sync();
        BackupResult result = _vault.BackupAll(_source);
        Assert.Equal(killed && place < 2, result.Resumed); // what rests on a snapshot that is gone is not believed
        Same();
        string restored = Path.Combine(_d.Path, "restored");
        _vault.RestoreAll(restored);
        Assert.Equal(_names[^1], result.Snapshot.Parent);
    }

    [Fact]
    public void The_only_one_goes_and_the_source_with_it()
    {
        Write("a", "1");
        Backup();
        Forget(0);
        Sync();
        Same();
        using (Repository repository = _vault.Open())
        using (CatalogReader reader = CatalogFile.Open(repository.CatalogPath, repository.Header.Id).OpenReader())
        {
            Assert.Empty(reader.Sources());
        }

        Assert.Equal(1, _vault.BackupAll(_source).Snapshot.Generation);
        Same();
    }

    [Fact]
    public void A_look_that_found_nothing_changed_goes_with_the_snapshot_it_looked_at()
    {
        Write("a", "1");
        Backup();
        Write("a", "2");
        Backup();
        Assert.True(_vault.BackupAll(_source, static o => o with { SkipIfUnchanged = true }).IsSkipped);
        Forget(1);
        Sync();
        Same();
        Assert.Equal(_names[0], _vault.BackupAll(_source).Snapshot.Parent);
    }

    [Fact]
    public void Looks_that_found_nothing_changed_are_noted_for_as_long_as_is_asked()
    {
        Write("a", "1");
        FileClock.Settle();
        Backup();
        for (int i = 0; i < 3; i++) { Assert.True(Look(null).IsSkipped); }
        Assert.Equal(4, Looks());
        Assert.True(Look(default(FileTime)).IsSkipped);
        Assert.Equal(5, Looks());
        Assert.True(Look(FileTime.From(DateTimeOffset.UtcNow.AddHours(1))).IsSkipped);
        Assert.Equal(2, Looks());

        BackupResult Look(FileTime? since) => _vault.BackupAll(_source, o => o with { SkipIfUnchanged = true, LogSince = since });
    }

    private int Looks()
    {
        using Repository repository = _vault.Open();
        using CatalogReader reader = CatalogFile.Open(repository.CatalogPath, repository.Header.Id).OpenReader();
        return reader.Snapshots().Count;
    }

    [Fact]
    public void Taking_one_out_costs_what_it_changed_however_much_there_is()
    {
        for (int i = 0; i < 2_000; i++) { Write($"{i % 40}/{i / 40 % 10}/{i}", $"{i}"); }
        FileClock.Settle();
        Backup();
        for (int i = 0; i < 3; i++) { Write($"{i}/0/new", $"{i}"); }
        Write("7/7/287", "changed");
        Backup();
        for (int i = 10; i < 14; i++) { Write($"{i}/0/new", $"{i}"); }
        Backup();
        for (int place = 1; place <= 2; place++)
        {
            Forget(1);
            List<string> before = Rows();
            Sync();
            List<string> after = Rows();
            int written = before.Except(after).Count() + after.Except(before).Count();
            // In the middle: what it opened begins with the next. At the end: what it opened goes.
            Assert.InRange(written, 4, 200); // 4 files, their 9 directories, the log and the tallies of these
            Assert.True(before.Count > 3_000);
            Same();
        }
    }

    [Fact]
    public void What_is_unstable_again_is_on_the_list_again()
    {
        Write("still", "1");
        string file = At("moves");
        File.WriteAllBytes(file, Desk.Bytes(1, 10_000));
        FileClock.Settle();
        using (new Kit.Processes.MappedWriter(file)) { Backup(); }
        Assert.Equal(["moves"], Unstable());
        FileClock.Settle();
        File.WriteAllText(file, "still now");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
        FileClock.SettleCoarse();
        Backup();
        int before = Unstable().Count;
        Forget(1);
        Sync();
        Assert.Equal(["moves"], Unstable());
        Assert.InRange(before, 0, 1);
    }

    private void Backup() => _names.Add(_vault.BackupAll(_source).Name);

    private void Forget(int i)
    {
        File.Delete(Directory.GetFiles(Path.Combine(_vault.Place, "snapshots"), _names[i].ToString(), SearchOption.AllDirectories).Single());
        _names.RemoveAt(i);
    }

    private void Sync()
    {
        using Repository repository = _vault.Open();
        CatalogAccess.Of(repository).OpenCurrent(null, CancellationToken.None);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(repository.CatalogPath)!, "*.damaged-*"));
    }

    private List<string> Unstable()
    {
        using Repository repository = _vault.Open();
        using CatalogReader reader = CatalogFile.Open(repository.CatalogPath, repository.Header.Id).OpenReader();
        SourceRow source = Assert.Single(reader.Sources());
        return [.. reader.Unstable(source.Id).Select(static u => System.Text.Encoding.UTF8.GetString(u.Name))];
    }

    /// <summary>All rows of the catalog.</summary>
    private List<string> Rows()
    {
        string path;
        using (Repository repository = _vault.Open()) { path = repository.CatalogPath; }
        using SqliteConnection connection = SqliteConnection.Open(path, 2, 1000);
        var rows = new List<string>();
        foreach ((string table, string columns) in (ReadOnlySpan<(string, string)>)
        [
            ("revision", "dir||'/'||hex(name)||' '||first||' '||last||' '||sum"), ("directory", "id||' '||recorded||' '||sum"),
            ("gap", "sum"), ("move", "sum"), ("unstable", "sum"), ("touched", "sum"), ("tally", "id||' '||sum"), ("snapshot", "sum"),
        ])
        {
            using Statement query = connection.Query($"SELECT '{table} '||{columns} FROM {table}");
            while (query.Step()) { rows.Add(query.Text(0)); }
        }

        return rows;
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
