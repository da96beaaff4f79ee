using System.Globalization;
using Varve.Compare.Run;

namespace Varve.Compare.Corpora;

/// <summary>Debian's kernel source: a copy of a given tree, or unpacked from the package linux-source-6.1.</summary>
internal sealed class KernelCorpus : Corpus
{
    /// <summary>Where Debian's package puts it.</summary>
    public const string Archive = "/usr/src/linux-source-6.1.tar.xz";

    /// <summary>An unpacked tree to copy instead; null to unpack.</summary>
    public required string? Existing { get; init; }

    /// <inheritdoc/>
    protected override void Write(CommandRunner runner)
    {
        Command command = Existing is null
            ? new Command("tar", "-xf", Archive, "-C", Path.GetDirectoryName(Root)!)
            : new Command("cp", "-a", Existing, Root);
        CommandResult result = runner.Run(command);
        if (!result.Succeeded) { throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{command}: {result.Failure}")); }
        if (!Directory.Exists(Root)) { throw new IOException($"{Archive} holds no folder {Path.GetFileName(Root)}."); }
    }
}
