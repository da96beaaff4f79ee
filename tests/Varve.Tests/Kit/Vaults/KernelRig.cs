using System.Diagnostics;
using System.Globalization;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.History;
using Varve.Maintain.Check;
using Varve.Model.Paths;
using Varve.Restore;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Kit.Vaults;

/// <summary>
/// The published program backing up the kernel tree, to be ended in the middle: a repository that begins with a small snapshot, and what
/// can be asked of it afterwards. Checkpoints are made each second.
/// </summary>
internal sealed class KernelRig : IDisposable
{
    private readonly string _root = KernelTree.NewDirectory();
    private readonly string _kernel;
    private readonly VarveProcess _varve;
    private readonly ObjectName _small;

    internal KernelRig(string kernel)
    {
        _kernel = kernel;
        _varve = new VarveProcess(_root);
        _varve.Environment["VARVE_REPO"] = this["repository"];
        _varve.Environment["VARVE_CACHE_DIR"] = this["cache"];
        _varve.Environment["VARVE_KEY_FILE"] = this["key"];
        _varve.Environment["VARVE_CHECKPOINT_SECONDS"] = "1";
        ChangingTree.Create(this["small"]);
        _varve.Succeed("init");
        _varve.Succeed("backup", this["small"]);
        using (Repository repository = Open()) { _small = repository.FindSnapshot("latest").Name; }
        Programs.Run("cp", "-a", this["repository"], this["repository-at-start"]);
        Programs.Run("cp", "-a", this["cache"], this["cache-at-start"]);
    }

    internal string this[string name] => Path.Combine(_root, name);

    /// <summary>Back to the small snapshot.</summary>
    internal void Reset()
    {
        Programs.Run("rm", "-rf", this["repository"], this["cache"]);
        Programs.Run("cp", "-a", this["repository-at-start"], this["repository"]);
        Programs.Run("cp", "-a", this["cache-at-start"], this["cache"]);
    }

    internal Process Start(Gates gates) => _varve.StartHeld(gates, "backup", "--json", _kernel);

    internal static VarveResult Finish(Process process) => VarveProcess.Finish(process);

    /// <summary>A backup that nobody interrupts, to its end.</summary>
    internal VarveResult Complete() => _varve.Succeed("backup", "--json", _kernel);

    internal VarveResult Run(params object[] arguments) => _varve.Run(arguments);

    /// <summary>The bytes of files that the catalog has from the unfinished run.</summary>
    internal long CheckpointedBytes()
    {
        using Repository repository = Open();
        CatalogFile catalog = CatalogFile.Open(repository.CatalogPath, repository.Header.Id);
        using CatalogReader reader = catalog.OpenReader();
        SnapshotRow? running = reader.Snapshots().FirstOrDefault(static s => s.State != SnapshotState.Complete);
        if (running is null) { return 0; }
        long bytes = 0;
        reader.Search.Find(Glob.Parse("*"), running.Source, (in Varve.Catalog.Rows.MatchedRevision found) =>
        {
            if (found.First == running.Number && found.Last == long.MaxValue && found.Stat.Kind == EntryKind.File)
            {
                bytes += found.Stat.Size;
            }
            return true;
        });
        return bytes;
    }

    /// <summary>Nothing is damaged, and the small snapshot restores.</summary>
    internal void RequireSound(bool readData, string when)
    {
        using Repository repository = Open();
        CheckResult result = Engine.Check(repository, readData);
        Assert.True(result.DamageCount == 0, when + ": " + string.Join("\n", result.Damages));
        string target = this["restored"];
        Engine.Restore(repository, target, _small);
        IReadOnlyList<string> differences = TreeCompare.Compare(this["small"], target);
        Assert.True(differences.Count == 0, when + ": " + string.Join("; ", differences));
        Programs.Run("rm", "-rf", target);
    }

    /// <summary>
    /// A run that completed read all that was not checkpointed, and nothing else; nothing at all if the kill came too late to keep the one
    /// before from completing.
    /// </summary>
    internal static void RequireReadTheRest(VarveResult completed, long checkpointed, string when)
    {
        long bytes = completed.Object.GetProperty("bytes").GetInt64(), read = completed.Object.GetProperty("bytesRead").GetInt64();
        bool late = checkpointed == 0 && read == 0 && completed.Object.GetProperty("nothingChanged").GetBoolean();
        Assert.True(late || read == bytes - checkpointed,
            string.Create(CultureInfo.InvariantCulture, $"{when}: {read} bytes read, of {bytes} were {checkpointed} checkpointed"));
    }

    /// <summary>The newest snapshot is the kernel tree, says rsync.</summary>
    internal void RequireKernelRestores()
    {
        string target = this["kernel"];
        _varve.Succeed("restore", _kernel, "--target", target);
        Assert.Equal("", RsyncJudge.Compare(_kernel, target));
        Programs.Run("rm", "-rf", target);
    }

    public void Dispose() => Programs.Run("rm", "-rf", _root);

    private Repository Open() => Repository.Open(
        new RepositoryLocation(this["repository"]), new Credentials { KeyFilePath = this["key"] },
        new RepositoryOptions { CacheRoot = this["cache"] });
}
