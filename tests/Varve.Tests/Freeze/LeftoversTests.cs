using Varve.Freeze;
using Varve.Model;
using Varve.Tests.Kit;

namespace Varve.Tests.Freeze;

/// <summary>Which records a run acts on.</summary>
public sealed class LeftoversTests : IDisposable
{
    private static readonly Tool s_tool = new(["/usr/sbin", "/usr/bin"], isPrivileged: true);

    private readonly ScratchDirectory _scratch = new();
    private readonly List<Notice> _warnings = [], _notes = [];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_record_of_a_live_run_is_left_alone_and_that_of_a_gone_one_is_not()
    {
        RecordFile live = Create("no/such-dataset");
        Leftovers.Clean(_scratch.Path, s_tool, _warnings.Add, _notes.Add);
        Assert.True(File.Exists(live.Location));
        Assert.Equal((0, 0), (_warnings.Count, _notes.Count));

        // The lock is gone, as after a kill; that zfs cannot tell anything keeps the record for another time.
        live.Leave();
        Leftovers.Clean(_scratch.Path, s_tool, _warnings.Add, _notes.Add);
        Assert.Contains(live.Location, Assert.Single(_warnings).ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(live.Location));
        Assert.Empty(_notes);
    }

    [Fact]
    public void A_file_that_is_no_whole_record_is_removed_and_nothing_else_with_it()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "mine"));
        File.WriteAllText(Path.Combine(_scratch.Path, "mine", "file"), "kept");
        string broken = Path.Combine(_scratch.Path, "varve-snapshot-1-0123abcd-0123456789abcdef.record");
        File.WriteAllText(broken, "varve file system snapshot 1\nBtrfs\nmine\n/dev/null\n" + Path.Combine(_scratch.Path, "mine") + "\n");
        File.WriteAllText(Path.Combine(_scratch.Path, "other"), "not a record by its name");
        Leftovers.Clean(_scratch.Path, s_tool, _warnings.Add, _notes.Add);
        Assert.False(File.Exists(broken));
        Assert.Equal(["mine", "other"],
            Directory.EnumerateFileSystemEntries(_scratch.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.Combine(_scratch.Path, "mine", "file")));
        Assert.Equal((0, 0), (_warnings.Count, _notes.Count));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_no_leftovers()
    {
        Leftovers.Clean(Path.Combine(_scratch.Path, "missing"), s_tool, _warnings.Add, _notes.Add);
        Assert.Empty(_warnings);
    }

    private RecordFile Create(string dataset)
    {
        string name = FreezeName.Create();
        return RecordFile.Create(new FreezeRecord(FreezeMethod.Zfs, name, dataset, Path.Combine(_scratch.Path, name)));
    }
}
