using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Restore;

/// <summary>What a restore leaves undone because it was asked to, and does not delete because a snapshot does not tell.</summary>
public sealed class WhatIsSetTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    [Trait("Needs", "root")]
    public void Owners_and_attributes_are_set_unless_they_are_not_wanted()
    {
        File.WriteAllText(_rig.Source + "/file", "content");
        Directory.CreateDirectory(_rig.Source + "/directory");
        foreach (string name in (string[])["file", "directory"])
        {
            ZooPosix.Chown(ZooPosix.Path(_rig.Source, name), 1234, 2345);
            ZooPosix.SetXattr(ZooPosix.Path(_rig.Source, name), "user.varve", "value"u8.ToArray());
        }

        FileClock.Settle();
        ObjectName snapshot = _rig.Backup().Name;
        Assert.Equal("1234:2345 value 1234:2345 value", Restored(snapshot, "all", static o => o));
        Assert.Equal("0:0 value 0:0 value", Restored(snapshot, "owners", static o => o with { NoOwner = true }));
        Assert.Equal("1234:2345  1234:2345 ", Restored(snapshot, "attributes", static o => o with { NoXattrs = true }));
        Assert.Equal("0:0  0:0 ", Restored(snapshot, "neither", static o => o with { NoOwner = true, NoXattrs = true }));
    }

    [Fact]
    public void By_a_snapshot_that_does_not_say_what_was_left_out_nothing_is_deleted_unless_excluded_things_may_go_too()
    {
        File.WriteAllText(_rig.Source + "/file", "content");
        FileClock.Settle();
        BackupResult backup = _rig.Backup();
        ObjectName name;
        using (Repository repository = _rig.Open())
        {
            // As a program made it before there were marks.
            (name, byte[] bytes) = repository.SnapshotStore.Seal(backup.Snapshot with
            {
                Generation = 2,
                Parent = backup.Name,
                Counts = backup.Snapshot.Counts with { LeftOut = null },
            });
            repository.Store.Put(ObjectKeys.Snapshot(backup.Snapshot.SourceId, name), bytes);
        }

        File.WriteAllText(_rig.Source + "/new", "since then");
        VarveException refused = Assert.Throws<VarveException>(() => InPlace(name, excludedToo: false));
        Assert.Equal((ErrorKind.Usage, Advice.DeleteExcluded), (refused.Kind, refused.Advice));
        Assert.True(File.Exists(_rig.Source + "/new"));
        Assert.Equal(1, InPlace(name, excludedToo: true).Deleted);
        Assert.False(File.Exists(_rig.Source + "/new"));
        Assert.Equal("content", File.ReadAllText(_rig.Source + "/file"));
    }

    private RestoreResult InPlace(ObjectName snapshot, bool excludedToo)
    {
        using Repository repository = _rig.Open();
        return Within.Run(() => Engine.Restore(repository, _rig.Source, snapshot,
            o => o with { InPlace = true, Delete = true, DeleteExcluded = excludedToo }));
    }

    private string Restored(ObjectName snapshot, string target, Func<RestoreOptions, RestoreOptions> with)
    {
        using Repository repository = _rig.Open();
        RestoreResult result = Within.Run(() => Engine.Restore(repository, _rig[target], snapshot, with));
        Assert.Equal(0, result.FailureCount);
        var text = new StringBuilder();
        foreach (string name in (string[])["file", "directory"])
        {
            string path = Path.Combine(_rig[target], name);
            text.Append(Programs.Run("stat", "-c", "%u:%g", path).Trim()).Append(' ');
            text.Append(Programs.Run("bash", "-c", $"getfattr --only-values -n user.varve '{path}' 2>/dev/null || true").Trim()).Append(' ');
        }

        return text.ToString()[..^1];
    }
}
