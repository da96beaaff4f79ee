using Varve.Compare.Run;

namespace Varve.Compare.Tools;

/// <summary>borg, encrypted with the key in the repository and compressed by the same codec and level as Varve.</summary>
internal sealed class BorgTool(string folder) : BackupTool(folder)
{
    /// <inheritdoc/>
    public override string Key => "borg";

    /// <inheritdoc/>
    public override Command Version => Borg("--version");

    /// <inheritdoc/>
    public override Command Init => Borg("init", "--encryption", "repokey");

    /// <inheritdoc/>
    public override Command Check => Borg("check", "--verify-data");

    /// <inheritdoc/>
    public override Command Snapshots => Borg("list");

    /// <inheritdoc/>
    public override Command Backup(string tree, int number) => Borg("create", "--compression", "zstd,3", "::backup-" + number, tree);

    /// <inheritdoc/>
    public override Command Restore(int number, string target) => Borg("extract", "::backup-" + number) with { Directory = target };

    private Command Borg(params IReadOnlyList<string> arguments) => new("borg", arguments)
    {
        Environment = new Dictionary<string, string>
        {
            ["BORG_REPO"] = Repository,
            ["BORG_PASSPHRASE"] = "benchmark",
            ["BORG_BASE_DIR"] = Cache,
        },
    };
}
