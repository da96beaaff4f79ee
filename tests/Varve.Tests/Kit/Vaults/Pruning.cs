using Varve.Format;
using Varve.Maintain.Prune;
using Varve.Model;
using Varve.Store;
using Varve.Tests.Kit.Stores;
using Varve.Tree;
using Varve.Vault;

namespace Varve.Tests.Kit.Vaults;

/// <summary>Prunes of a rig's repository, and what they go by.</summary>
internal static class Pruning
{
    /// <summary>All that can go goes.</summary>
    internal static PruneOptions All => new() { MaxUnusedPercent = 0 };

    internal static PruneResult Prune(
        this Rig rig, PruneOptions? options = null, IStore? store = null, CancellationToken cancel = default) =>
        Within.Run(() =>
        {
            using Repository repository = rig.Open(store);
            return Pruner.Run(repository, options ?? All, new PruneMonitor(), cancel);
        });

    internal static PruneUndone UndoPrune(this Rig rig, IStore? store = null) => Within.Run(() =>
    {
        using Repository repository = rig.Open(store);
        return Pruner.Undo(repository, default);
    });

    /// <summary>Records that snapshots were forgotten, and removes them.</summary>
    internal static void Forget(this Rig rig, params IEnumerable<ObjectName> names)
    {
        rig.RecordForgotten(names);
        foreach (ObjectName name in names)
        {
            StoreObject item = Assert.Single(rig.Store.List(ObjectKeys.Snapshots),
                o => o.Key.EndsWith(name.ToString(), StringComparison.Ordinal));
            Assert.True(rig.Store.Delete(item.Key));
        }
    }

    /// <summary>Records that snapshots were forgotten, and stops there.</summary>
    internal static void RecordForgotten(this Rig rig, params IEnumerable<ObjectName> names)
    {
        using Repository repository = rig.Open();
        repository.Notes.Put(new Note
        {
            Kind = NoteKind.Forgetting, At = FileTime.From(repository.Options.Time.GetUtcNow()), Snapshots = [.. names],
        });
    }

    /// <summary>What restoring a snapshot came to.</summary>
    internal static RestoreResult Restored(this Rig rig, ObjectName name)
    {
        rig.Restore(name, out RestoreResult result);
        return result;
    }

    /// <summary>The keys below a prefix.</summary>
    internal static HashSet<string> Keys(this Rig rig, string prefix) => [.. rig.Store.List(prefix).Select(static o => o.Key)];

    /// <summary>Nothing of a prune is left: no list, mark or session.</summary>
    internal static void RequireNothingBegun(this Rig rig, string when)
    {
        foreach (string folder in (string[])[ObjectKeys.Condemned, ObjectKeys.Final, ObjectKeys.Sessions])
        {
            Assert.True(rig.Keys(folder).Count == 0, $"{when}: {string.Join(", ", rig.Keys(folder))}");
        }
    }

    /// <summary>A store whose operations are written down.</summary>
    internal static HookStore Logged(this Rig rig, List<string> log) => new(rig.Store)
    {
        Before = o => { lock (log) { log.Add(o); } },
    };
}
