using System.Text;
using Varve.History.Revisions;
using Varve.Model.Changes;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.History;

/// <summary>Every revision of a file, whatever it was called and wherever it lay.</summary>
public sealed class EntryHistoryTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Each_revision_says_what_changed_and_which_snapshots_have_it()
    {
        Write("a", "one");
        Make();
        Make(); // as it was
        Write("a", "two of another length");
        Make();
        File.SetUnixFileMode(At("a"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Make();
        File.Delete(At("a"));
        Make();
        Write("a", "back");
        Make();
        Assert.Equal(["0-1 a new", "2-2 a Content, Modified", "3-3 a Mode", "5-now a new"], History("a"));
        Assert.Equal(["0-1 a new", "2-3 a Content, Modified", "5-now a new"], History("a", content: true));
        Assert.Equal(["0-1 a new", "2-2 a Content, Modified", "3-3 a Mode", "5-now a new"], History(At("a")));
    }

    [Fact]
    public void A_rename_goes_on_with_one_history_by_either_name()
    {
        Write("old", "text");
        Make();
        File.Move(At("old"), At("new"));
        Make();
        Write("old", "another file"); // takes the name
        Write("new", "text, and more");
        Make();
        string[] whole = ["0-0 old new", "1-1 new from old", "2-now new Content, Modified"];
        Assert.Equal(whole, History("new"));
        Assert.Equal([.. whole, "2-now old new"], History("old"));
        Assert.Equal(["0-1 old new", "2-now new Content, Modified"], History("new", content: true));
        Assert.Equal(["0-1 old new", "2-now new Content, Modified", "2-now old new"], History("old", content: true));
    }

    [Fact]
    public void A_move_of_a_directory_above_it_goes_on_with_one_history()
    {
        Write("dir/deep/file", "text");
        Make();
        Directory.Move(At("dir"), At("moved"));
        Make();
        Write("moved/deep/file", "other text");
        Make();
        Directory.CreateDirectory(At("elsewhere"));
        Directory.Move(At("moved/deep"), At("elsewhere/deeper"));
        Make();
        Assert.Equal(
        [
            "0-0 dir/deep/file new", "1-1 moved/deep/file from dir/deep/file", "2-2 moved/deep/file Content, Modified",
            "3-now elsewhere/deeper/file from moved/deep/file",
        ], History("elsewhere/deeper/file"));
        Assert.Equal(
            ["0-0 dir/deep new", "1-2 moved/deep from dir/deep", "3-now elsewhere/deeper from moved/deep"],
            History("elsewhere/deeper").Where(static h => !h.Contains("Modified", StringComparison.Ordinal)));
    }

    [Fact]
    public void Copies_are_named_wherever_they_are_or_were()
    {
        Write("a", "the same text");
        Write("dir/b", "the same text");
        Write("other", "other text!!!");
        Make();
        File.Delete(At("dir/b"));
        Make();
        Assert.Equal(["0-now a new", "0-0 dir/b copy"], History("a", copies: true));
    }

    [Fact]
    public void What_was_never_there_is_not_found()
    {
        Write("a", "a");
        Make();
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<VarveException>(() => History("b")).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<VarveException>(() => History("/somewhere/else")).Kind);
    }

    private string At(string name) => Path.Combine(_rig.Source, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    private void Make()
    {
        FileClock.Settle();
        Assert.Equal(0, _rig.Backup().FailureCount);
    }

    /// <summary>First and last snapshot, path, and what changed.</summary>
    private string[] History(string path, bool content = false, bool copies = false)
    {
        using Repository repository = _rig.Open();
        List<ObjectName> all = [.. repository.Snapshots().Select(static s => s.Name)];
        return [.. repository.EntryHistory(Encoding.UTF8.GetBytes(path), null, content, copies, TestContext.Current.CancellationToken)
            .Select(h => $"{all.IndexOf(h.Revision.First)}-{(h.Revision.IsCurrent ? "now" : all.IndexOf(h.Revision.Last))} "
                + Encoding.UTF8.GetString(h.Revision.Path) + What(h))];
    }

    private static string What(HistoryEntry entry)
    {
        if (entry.IsCopy) { return " copy"; }
        string from = entry.Revision.MovedFrom is { } path ? " from " + Encoding.UTF8.GetString(path) : "";
        return (entry.IsFirst ? " new" : from) + (entry.Properties == EntryProperties.None ? "" : " " + entry.Properties);
    }
}
