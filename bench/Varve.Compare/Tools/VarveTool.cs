using Varve.Compare.Run;

namespace Varve.Compare.Tools;

/// <summary>Varve: the published program, not the script that builds it.</summary>
/// <param name="key">Which of the two that may be measured: <see cref="ToolNames.Varve"/> or <see cref="ToolNames.Before"/>.</param>
/// <param name="program">Its path.</param>
/// <param name="folder">A folder of this tool alone.</param>
internal sealed class VarveTool(string key, string program, string folder) : BackupTool(folder)
{
    /// <inheritdoc/>
    public override string Key => key;

    /// <inheritdoc/>
    public override Command Version => Varve("--version");

    /// <inheritdoc/>
    public override Command Init => Varve("init");

    /// <inheritdoc/>
    public override Command Check => Varve("check", "--read-data");

    /// <inheritdoc/>
    public override Command Snapshots => Varve("snapshots");

    /// <inheritdoc/>
    public override Command Complete => Varve("complete", "snapshot-paths", "--", "restore", "latest:");

    /// <inheritdoc/>
    public override Command CatalogRebuild => Varve("catalog", "rebuild");

    /// <inheritdoc/>
    public override Command Backup(string tree, int number) => Varve("backup", tree);

    /// <inheritdoc/>
    public override Command Restore(int number, string target) => Varve("restore", "latest", "--target", target);

    private Command Varve(params IReadOnlyList<string> arguments) => new(program, arguments)
    {
        Environment = new Dictionary<string, string>
        {
            ["VARVE_REPO"] = Repository,
            ["VARVE_KEY_FILE"] = Path.Combine(Folder, "key"),
            ["VARVE_CACHE_DIR"] = Cache,
        },
    };
}
