using System.Diagnostics;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The manual's hooks for databases, word for word, with real databases that are written to meanwhile.</summary>
[Trait("Needs", "root")]
public sealed class DatabaseHookTests : IDisposable
{
    private static readonly string s_manual = File.ReadAllText(Path.Combine(VarveProcess.Clone, "docs/manual-jobs.md"));

    private readonly Desk _desk = new();
    private readonly List<Process> _writers = [];

    public DatabaseHookTests()
    {
        _desk.Varve.Environment["VARVE_KEY_FILE"] = _desk["key"];
        _desk.Varve.Environment["VARVE_REPO"] = _desk["repository"];
        _desk.Varve.Environment["VARVE_CONFIG"] = _desk["home/config.yaml"];
        _desk.Varve.Succeed("init");
        foreach (string name in (string[])["app", "copies", "dumps"]) { Directory.CreateDirectory(_desk[name]); }
    }

    public void Dispose()
    {
        foreach (Process writer in _writers)
        {
            if (!writer.HasExited) { writer.Kill(entireProcessTree: true); }
            writer.WaitForExit();
            writer.Dispose();
        }

        _desk.Dispose();
    }

    [Fact]
    public void A_live_sqlite_database_comes_back_whole()
    {
        Shells.Needs("sqlite3");
        string database = _desk["app/app.db"];
        Sqlite(database, "pragma journal_mode=wal; create table a(n integer); create table b(n integer); insert into a values(0);"
            + " insert into b values(1000000);");
        Configure("app");
        // Money that goes from one to the other: the sum is always the same.
        _writers.Add(Process.Start(new ProcessStartInfo("bash", ["-c", "while :; do echo 'begin immediate; update a set n=n+1;"
            + " update b set n=n-1; insert into a values(0); commit;'; done | sqlite3 -cmd '.timeout 60000' \"$0\"", database])
        {
            UseShellExecute = false, RedirectStandardError = true,
        })!);
        Poll.Until(() => int.Parse(Sqlite(database, "select count(*) from a")) > 100, "it is written to");
        for (int i = 0; i < 3; i++)
        {
            _desk.Varve.Succeed("backup");
            _desk.Varve.Succeed("restore", "latest", "--target", _desk[$"out{i}"]);
            string restored = _desk[$"out{i}/app.db"];
            Assert.Equal("ok", Sqlite(restored, "pragma integrity_check"));
            Assert.Equal("1000000", Sqlite(restored,
                "select (select max(n) from a) + (select n from b)"));
        }
    }

    [Fact]
    public void A_real_postgresql_database_comes_back_from_its_dump_and_without_it_nothing_is_saved()
    {
        string? tools = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(static d => Path.Combine(d, "bin")).Order().LastOrDefault() : null;
        Assert.SkipWhen(tools is null || !AsUser.IsRoot, "needs postgresql and root");
        string place = _desk["pg"];
        Directory.CreateDirectory(place);
        Programs.Run("chown", "postgres", place);
        Programs.Run("chmod", "a+x", Path.GetDirectoryName(place)!);
        Programs.Run("runuser", "-u", "postgres", "--", tools + "/initdb", "-D", place + "/data", "-A", "trust", "-U", "varve", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync");
        Programs.Run("runuser", "-u", "postgres", "--", tools + "/pg_ctl", "-D", place + "/data", "-l", place + "/log", "-w", "-o",
            $"-c listen_addresses= -c unix_socket_directories={place} -c fsync=off", "start");
        try
        {
            (string, string)[] user = [("PGHOST", place), ("PGUSER", "varve")];
            foreach ((string name, string value) in user) { _desk.Varve.Environment[name] = value; }
            Psql(place, "postgres", "create database shop");
            Psql(place, "shop", "create table sold(id serial primary key, what text); insert into sold(what)"
                + " select 'thing ' || g from generate_series(1, 5000) g");
            Configure("shop");
            _writers.Add(Process.Start(new ProcessStartInfo("bash", ["-c", $"while psql -qh '{place}' -U varve shop -c \"begin;"
                + " insert into sold(what) values('x'); insert into sold(what) values('y'); commit\"; do :; done"])
            { UseShellExecute = false, RedirectStandardError = true })!);
            _desk.Varve.Succeed("backup");
            _desk.Varve.Succeed("restore", "latest", "--target", _desk["out"]);
            Psql(place, "postgres", "create database new");
            Programs.Run("psql", "-h", place, "-U", "varve", "--quiet", "--dbname=new", "--file=" + _desk["out/shop.sql"]);
            Assert.Equal("5000|t", Psql(place, "new", "select count(*) filter (where what like 'thing %'),"
                + " count(*) filter (where what = 'x') = count(*) filter (where what = 'y') from sold"));

            _desk.Varve.Succeed("backup", "--no-hooks", "--stdin-from", "pg_dump --dbname=shop", "--as", "/dumps/shop.sql");
            Assert.Contains("PostgreSQL database dump complete", _desk.Varve.Succeed("dump", "latest:/dumps/shop.sql").Text,
                StringComparison.Ordinal);
        }
        finally
        {
            Programs.Run("runuser", "-u", "postgres", "--", tools + "/pg_ctl", "-D", place + "/data", "-m", "immediate", "-w", "stop");
        }

        int before = _desk.Varve.Succeed("snapshots", "--json").Json.Count;
        _desk.Varve.Run("backup").Expect(13);
        Assert.Equal(before, _desk.Varve.Succeed("snapshots", "--json").Json.Count);
    }

    /// <summary>The manual's configuration for a source, with the places of this desk in it.</summary>
    private void Configure(string source)
    {
        string text = Assert.Single(s_manual.Split("```yaml\n").Skip(1).Select(static t => t.Split("```")[0]),
            t => t.Contains($"- name: {source}\n", StringComparison.Ordinal) && t.Contains("hooks:", StringComparison.Ordinal));
        File.WriteAllText(_desk["home/config.yaml"], text.Replace("/srv", Path.GetDirectoryName(_desk["x"]), StringComparison.Ordinal));
    }

    private static string Sqlite(string database, string statement) =>
        Programs.Run("sqlite3", "-cmd", ".timeout 60000", database, statement).Trim();

    private static string Psql(string place, string database, string statement) =>
        Programs.Run("psql", "-h", place, "-U", "varve", "-At", "-d", database, "-c", statement).Trim();
}
