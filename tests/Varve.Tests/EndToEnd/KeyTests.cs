using System.Text;
using System.Text.Json;
using Varve.Format;
using Varve.History;
using Varve.Keys;
using Varve.Model;
using Varve.Seal;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.EndToEnd;

/// <summary>Keys and their two levels, through the program; and that a write key reads nothing back, through the library.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly VarveProcess _varve;

    public KeyTests()
    {
        _varve = _desk.Varve;
        _varve.Environment["VARVE_REPO"] = _desk["repository"];
        _varve.Environment["VARVE_KEY_FILE"] = _desk["full"];
        _varve.Succeed("init", "--label", "first");
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Keys_are_added_listed_and_removed_and_the_last_full_one_stays()
    {
        _desk.Write("password", "correct horse\n");
        JsonElement password = _varve.Succeed("key", "add", "--label", "paper", "--new-password-file", _desk["password"], "--json").Object;
        Assert.Equal(("full", "password", "paper"), (Text(password, "level"), Text(password, "method"), Text(password, "label")));
        JsonElement write = _varve.Succeed("key", "add", "--level", "write", "--label", "server", "--new-key-file", _desk["write"],
            "--json").Object;
        Assert.Equal(("write", "keyfile", _desk["write"]), (Text(write, "level"), Text(write, "method"), Text(write, "createdKeyFile")));
        IReadOnlyList<JsonElement> keys = _varve.Succeed("key", "list", "--json").Json;
        Assert.Equal(["first", "paper", "server"], keys.Select(static k => Text(k, "label")!).Order());
        Assert.Equal("first", Text(Assert.Single(keys, static k => k.GetProperty("current").GetBoolean()), "label"));

        _varve.Environment.Remove("VARVE_KEY_FILE");
        _varve.Succeed("key", "list", "--password-file", _desk["password"]);
        _varve.Succeed("key", "remove", Text(password, "key")![..8], "--key-file", _desk["full"]);
        _varve.Run("key", "list", "--password-file", _desk["password"]).Expect(12);
        _varve.Run("key", "remove", "first", "--key-file", _desk["write"]).Expect(12);
        Assert.Contains("last full key", _varve.Run("key", "remove", "first", "--key-file", _desk["full"]).Expect(2).Error,
            StringComparison.Ordinal);
        _varve.Run("key", "remove", "nobody", "--key-file", _desk["full"]).Expect(1);
        Assert.Equal(2, _varve.Succeed("key", "list", "--json", "--key-file", _desk["full"]).Json.Count);
    }

    [Fact]
    public void A_planted_slot_that_takes_more_memory_than_there_is_counts_as_one_that_did_not_open()
    {
        _desk.Write("right", "correct horse\n");
        _desk.Write("wrong", "incorrect horse\n");
        string slot = Text(_varve.Succeed("key", "add", "--new-password-file", _desk["right"], "--json").Object, "key")!;
        string keys = _desk["repository/keys"], good = System.IO.Path.Combine(keys, slot);
        byte[] planted = Encoding.UTF8.GetBytes(
            File.ReadAllText(good).Replace("\"n\":65536", "\"n\":1048576", StringComparison.Ordinal));
        File.WriteAllBytes(System.IO.Path.Combine(keys, Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(planted))), planted);
        // KiB: enough for what .NET takes and 64 MiB, and not for 1 GiB.
        var small = new VarveProcess(_desk["small"]) { Before = "ulimit -d 600000; " };
        small.Environment["VARVE_REPO"] = _desk["repository"];
        VarveResult wrong = small.Run("snapshots", "--password-file", _desk["wrong"]).Expect(12);
        Assert.Contains("was not tried", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("1025 MiB", wrong.Error, StringComparison.Ordinal);
        small.Succeed("snapshots", "--password-file", _desk["right"]);

        // Where none can be computed, nothing is known of the password.
        File.Delete(good);
        VarveResult none = small.Run("snapshots", "--password-file", _desk["wrong"]).Expect(1);
        Assert.Contains("was not tried", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_write_key_backup_works_and_deduplicates_and_reading_is_refused()
    {
        _varve.Succeed("key", "add", "--level", "write", "--new-key-file", _desk["write"]);
        string source = _desk.Source();
        FileClock.Settle();
        _varve.Environment["VARVE_KEY_FILE"] = _desk["write"];
        JsonElement first = _varve.Succeed("backup", "--json", source).Object;
        Assert.True(first.GetProperty("bytesAdded").GetInt64() > 5_000_000);
        Assert.True(_varve.Succeed("backup", "--json", source).Object.GetProperty("nothingChanged").GetBoolean());

        // Another machine, without a catalog: all is read, nothing is stored twice.
        JsonElement other = _varve.Succeed("backup", "--json", "--cache-dir", _desk["other-cache"], source).Object;
        Assert.True(other.GetProperty("bytesRead").GetInt64() > 5_000_000);
        Assert.InRange(other.GetProperty("bytesStored").GetInt64(), 0, 50_000);
        foreach (string command in (string[])["ls", "dump latest:report.odt", "restore --target " + _desk["t"], "catalog rebuild", "check",
            "key add --new-key-file " + _desk["k"]])
        {
            VarveResult refused = _varve.Run(command.Split(' ')).Expect(12);
            Assert.Contains("full key", refused.Error, StringComparison.Ordinal);
            Assert.Empty(refused.Output);
        }

        Assert.False(Directory.Exists(_desk["t"]));
        VarveResult listed = _varve.Succeed("snapshots", "--json");
        Assert.Equal(3, listed.Json.Count);
        Assert.All(listed.Json, static s => Assert.Equal(JsonValueKind.Null, s.GetProperty("root").ValueKind));
        Assert.DoesNotContain("Documents", listed.Text, StringComparison.Ordinal);

        _varve.Environment["VARVE_KEY_FILE"] = _desk["full"];
        _varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
        _varve.Succeed("check", "--read-data");
        Assert.Equal(3, _varve.Succeed("catalog", "rebuild", "--json").Object.GetProperty("snapshots").GetInt32());
    }

    [Fact]
    public void Neither_the_stored_objects_nor_what_a_write_bundle_opens_show_a_name_or_a_byte_of_content()
    {
        _varve.Succeed("key", "add", "--level", "write", "--new-key-file", _desk["write"]);
        string source = _desk.Source();
        _desk.Write("Documents/a-telling-name", "a telling content");
        _varve.Succeed("backup", "--source", "telling-source", "--tag", "telling-tag", source);
        _varve.Succeed("source", "rename", "telling-source", "another-telling-source");
        var options = new RepositoryOptions { CacheRoot = _desk["reader"] };
        using Repository writer = Repository.Open(new RepositoryLocation(_desk["repository"]),
            new Credentials { KeyFilePath = _desk["write"] }, options);
        Assert.Equal(KeyLevel.Write, writer.Level);
        Assert.False(writer.Content.CanOpen);
        int opened = 0;
        foreach (string file in Directory.EnumerateFiles(_desk["repository"], "*", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(file);
            Telltale(bytes, file);
            string key = System.IO.Path.GetRelativePath(_desk["repository"], file);
            (ObjectType type, byte[] magic) = key.Split('/')[0] switch
            {
                "index" => (ObjectType.IndexRun, ObjectMagic.Index.ToArray()),
                "snapshots" => (ObjectType.Snapshot, ObjectMagic.Snapshot.ToArray()),
                "notes" => (ObjectType.Note, ObjectMagic.Note.ToArray()),
                _ => default,
            };
            if (magic is null) { continue; }
            Telltale(writer.Objects.Open(type, magic, bytes.AsSpan(magic.Length)), key);
            opened++;
        }

        Assert.True(opened >= 3);
        Snapshot snapshot = writer.FindSnapshot("latest").Snapshot;
        Assert.Null(snapshot.Private);
        var error = Assert.Throws<VarveException>(() => writer.MetaChunks.Read(snapshot.RootTree).ToArray());
        Assert.Equal(ErrorKind.WrongKey, error.Kind);

        // The cache of a machine that only has the write key may know names (it walked the tree), but no content.
        _varve.Environment["VARVE_KEY_FILE"] = _desk["write"];
        _varve.Succeed("backup", "--cache-dir", _desk["write-cache"], source);
        foreach (string file in Directory.EnumerateFiles(_desk["write-cache"], "*", SearchOption.AllDirectories))
        {
            Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("a telling content"u8));
        }
    }

    private static void Telltale(ReadOnlySpan<byte> bytes, string where)
    {
        foreach (string word in (string[])["telling", "report.odt", "letters", "dear Anna", "Documents", "a report"])
        {
            Assert.True(bytes.IndexOf(Encoding.UTF8.GetBytes(word)) < 0, $"{where} shows '{word}'");
        }
    }

    private static string? Text(JsonElement e, string member) => e.GetProperty(member).GetString();
}
