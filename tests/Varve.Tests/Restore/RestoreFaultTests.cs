using System.Collections.Concurrent;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Restore;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>Each sort of system call that a restore writes with is seen by an observer, and fails as data in the result.</summary>
public sealed class RestoreFaultTests : IDisposable
{
    private static readonly string[] s_entries = ["directory", "directory/inner", "fifo", "large", "linked", "linked2", "small", "symlink"];

    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("Create", "small")]
    [InlineData("Write", null)]
    [InlineData("SetLength", null)]
    [InlineData("Close", null)]
    [InlineData("MakeDirectory", "directory")]
    [InlineData("MakeSymlink", "symlink")]
    [InlineData("MakeNode", "fifo")]
    [InlineData("Link", null)]
    [InlineData("SetOwner", null)]
    [InlineData("SetMode", null)]
    [InlineData("SetTime", null)]
    [InlineData("SetXattr", "user.note")]
    public void A_call_that_fails_while_restoring_is_data_in_the_result_and_all_else_is_restored(string call, string? name)
    {
        Assert.SkipUnless(IsRoot, "Needs root");
        ObjectName snapshot = Backup();
        int failed = 0;
        bool began = false;
        var written = new ConcurrentDictionary<int, bool>();
        RestoreResult result;
        string target;
        using (new SystemCallWatch((c, descriptor, n) =>
        {
            // What fails before the first entry is made ends the restore.
            began |= c is SystemCall.Create or SystemCall.MakeDirectory or SystemCall.MakeSymlink or SystemCall.MakeNode
                && s_entries.Contains(Encoding.UTF8.GetString(n));
            if (!began) { return 0; }
            if (c == SystemCall.Write) { written[descriptor] = true; }
            bool isIt = c.ToString() == call && (name is null || n.SequenceEqual(Encoding.UTF8.GetBytes(name)))
                && (c != SystemCall.Close || written.ContainsKey(descriptor));
            return isIt && Interlocked.Increment(ref failed) == 1 ? Errno.EIO : 0;
        }))
        {
            target = _rig.Restore(snapshot, out result);
        }

        Assert.NotEqual(0, failed);
        Assert.NotEmpty(result.Failures);
        Assert.All(result.Failures, static f => Assert.Equal(Errno.EIO, f.Errno));
        Assert.Contains("input/output error", result.Failures[0].Message, StringComparison.Ordinal);
        HashSet<string> lost = [.. result.Failures.Select(static f => PathText.Of(f.Path))];
        Assert.All(s_entries.Where(e => !lost.Any(l => e == l || e.StartsWith(l + "/", StringComparison.Ordinal))), e =>
            Assert.True(File.Exists(At(target, e)) || Directory.Exists(At(target, e)) || new FileInfo(At(target, e)).LinkTarget is not null,
            $"{e} is not there"));
    }

    [Fact]
    public void A_full_disk_found_by_any_write_stops_the_restore_and_names_the_path()
    {
        ObjectName snapshot = Backup();
        using var watch = new SystemCallWatch(static (c, _, _) => c == SystemCall.Write ? Errno.ENOSPC : 0);
        VarveException e = Rig.Throws(ErrorKind.Storage, () => _rig.Restore(snapshot, out _));
        Assert.Contains("no space left on device", e.Message, StringComparison.Ordinal);
    }

    private static string At(string root, string name) => System.IO.Path.Combine(root, name);

    private ObjectName Backup()
    {
        Directory.CreateDirectory(At(_rig.Source, "directory"));
        foreach (string name in (string[])["small", "linked", "directory/inner"]) { File.WriteAllText(At(_rig.Source, name), name); }
        using (FileStream large = File.Create(At(_rig.Source, "large")))
        {
            large.SetLength(3 << 20);
            RandomAccess.Write(large.SafeFileHandle, Encoding.ASCII.GetBytes("behind a hole"), 2 << 20);
        }

        File.CreateSymbolicLink(At(_rig.Source, "symlink"), "small");
        MakeNode(Path(_rig.Source, "fifo"), 0x1180, 0, 0);
        Link(Path(_rig.Source, "linked"), Path(_rig.Source, "linked2"));
        SetXattr(Path(_rig.Source, "small"), "user.note", [1]);
        if (IsRoot) { Chown(Path(_rig.Source, "small"), 12, 34); }
        _rig.Backup();
        return _rig.Snapshots()[^1].Name;
    }
}
