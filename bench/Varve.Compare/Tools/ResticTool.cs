using Varve.Compare.Run;

namespace Varve.Compare.Tools;

/// <summary>restic, with repository version 2: the one that compresses.</summary>
/// <param name="program">Its path, or its name.</param>
/// <param name="folder">A folder of this tool alone.</param>
internal sealed class ResticTool(string program, string folder) : BackupTool(folder)
{
    /// <inheritdoc/>
    public override string Key => "restic";

    /// <inheritdoc/>
    public override Command Version => Restic("version");

    /// <inheritdoc/>
    public override Command Init => Restic("init", "--repository-version", "2");

    /// <inheritdoc/>
    public override Command Check => Restic("check", "--read-data");

    /// <inheritdoc/>
    public override Command Snapshots => Restic("snapshots");

    /// <inheritdoc/>
    public override Command Backup(string tree, int number) => Restic("backup", tree);

    /// <inheritdoc/>
    public override Command Restore(int number, string target) => Restic("restore", "latest", "--target", target);

    private Command Restic(params IReadOnlyList<string> arguments) => new(program, arguments)
    {
        Environment = new Dictionary<string, string>
        {
            ["RESTIC_REPOSITORY"] = Repository,
            ["RESTIC_PASSWORD"] = "benchmark",
            ["RESTIC_CACHE_DIR"] = Cache,
        },
    };
}
