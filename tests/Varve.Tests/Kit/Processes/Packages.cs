namespace Varve.Tests.Kit.Processes;

/// <summary>What <c>eng/package</c> makes of the program that the tests run, made once, and packed no smaller than is quick.</summary>
public sealed class Packages : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly Lazy<bool> _made;

    public Packages() => _made = new Lazy<bool>(() =>
    {
        Make(_d.Path, "linux-x64", VarveProcess.Program);
        return true;
    });

    internal string Folder => _made.Value ? _d.Path : "";

    internal string Deb => Assert.Single(Directory.GetFiles(Folder, "*.deb"));

    internal string Tarball => Assert.Single(Directory.GetFiles(Folder, "*.tar.gz"));

    /// <summary>Packs into a directory, the program that lies there or one that is published for it.</summary>
    internal static void Make(string output, string rid, string? program = null) => Programs.Run(
        Path.Combine(VarveProcess.Clone, "eng/package"),
        ["--quick", "--rid", rid, "--output", output, .. program is null ? (string[])[] : ["--program", Path.GetDirectoryName(program)!]]);

    public void Dispose() => _d.Dispose();
}
