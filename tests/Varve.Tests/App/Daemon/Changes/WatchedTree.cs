using System.Text;
using Varve.App.Daemon.Changes;
using Varve.Backup.Dirty;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.App.Daemon.Changes;

/// <summary>
/// A tree on a file system of its own that is watched as the daemon does it, and backed up to a repository elsewhere, by what is seen.
/// </summary>
internal sealed class WatchedTree : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly TinyMount _disk;
    private readonly TestVault _vault;
    private TreeWatch? _watch;

    /// <param name="disk">The file system; null: one in memory.</param>
    internal WatchedTree(string? disk = null)
    {
        _disk = new TinyMount(256);
        Disk = disk ?? _disk.Path;
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Outside);
        _vault = new TestVault(_scratch.Path);
    }

    /// <summary>The file system.</summary>
    internal string Disk { get; }

    /// <summary>The tree.</summary>
    internal string Root => Path.Combine(Disk, "tree");

    /// <summary>Beside it on the same file system.</summary>
    internal string Outside => Path.Combine(Disk, "outside");

    /// <summary>Why the last run looked at everything; null if it did not.</summary>
    internal string? WhyAll { get; private set; }

    /// <summary>Where the last run was told to look.</summary>
    internal IReadOnlyList<string> Told { get; private set; } = [];

    internal TestVault Vault => _vault;

    internal TreeWatch Watch => _watch!;

    internal string At(string path) => Path.Combine(Root, path);

    internal void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    /// <summary>A run as the daemon has it; by a watch that is begun if there is none.</summary>
    internal BackupResult Run(bool isWhole = false, bool fails = false, Func<BackupOptions, BackupOptions>? with = null, int mounts = 20)
    {
        if (_watch is null or { IsOver: true })
        {
            _watch?.Dispose();
            _watch = TreeWatch.Begin(Encoding.UTF8.GetBytes(Root), "/nowhere"u8.ToArray(), TimeProvider.System, static () => { },
                out string reason);
            if (_watch is null)
            {
                WhyAll = reason;
                return _vault.Backup(Root, with);
            }
        }

        DirtySet? set = _watch.Take(isWhole);
        Told = [.. (set?.Directories ?? []).Select(Encoding.UTF8.GetString)];
        if (fails)
        {
            _watch.Settle(false, null, []);
            return null!;
        }

        BackupResult result = _vault.Backup(Root, o => (with is null ? o : with(o)) with { IsWatched = true, Changed = set });
        WhyAll = result.WhyAll;
        _watch.Settle(true, result.Rest, result.Rest?.Own ?? []);
        // Other tests mount things. The next run would look at everything for that, and this one makes up for it.
        if (_watch.SawMount && mounts > 0) { MakeUp(mounts - 1, with); }
        return result;
    }

    private void MakeUp(int mounts, Func<BackupOptions, BackupOptions>? with)
    {
        (string? why, IReadOnlyList<string> told) = (WhyAll, Told);
        Run(with: with, mounts: mounts);
        (WhyAll, Told) = (why, told);
    }

    /// <summary>A run of what changed, at rest.</summary>
    internal BackupResult RunAtRest(Func<BackupOptions, BackupOptions>? with = null)
    {
        FileClock.Settle();
        return Run(with: with);
    }

    /// <summary>The last snapshot has all that a run finds which looks at everything.</summary>
    internal void Judge(string when = "", Func<BackupOptions, BackupOptions>? with = null)
    {
        SnapshotInfo last;
        using (var repository = _vault.Open()) { last = repository.FindSnapshot("latest"); }
        BackupResult whole = Run(isWhole: true, with: with);
        Assert.True(whole.NothingChanged, $"something was missed: {when}");
        Assert.Empty(whole.Notes);
        SnapshotCounts one = last.Snapshot.Counts, other = whole.Snapshot.Counts;
        Assert.Equal((other.Files, other.Directories, other.Symlinks, other.Others, other.Bytes),
            (one.Files, one.Directories, one.Symlinks, one.Others, one.Bytes));
    }

    public void Dispose()
    {
        _watch?.Dispose();
        foreach (string place in File.ReadLines("/proc/self/mountinfo").Select(static l => l.Split(' ')[4])
            .Where(p => p.StartsWith(Disk + "/", StringComparison.Ordinal)).Reverse().ToList())
        {
            Programs.Run("umount", "-l", place);
        }

        _disk.Dispose();
        _scratch.Dispose();
    }
}
