namespace Varve.Tests.Kit.Trees;

/// <summary>A temporary directory, with anything in it removed at the end: paths of any length, read-only directories.</summary>
internal sealed class ZooDirectory : IDisposable
{
    public ZooDirectory()
    {
        Root = Directory.CreateDirectory(Path.Combine(ZooDisk.Parent, "varve-zoo-" + Guid.NewGuid().ToString("N"))).FullName;
        ZooPosix.Chmod(ZooPosix.Path(Root), 0x3FF);
    }

    public string Root { get; }

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose()
    {
        if (!ZooPosix.IsRoot) { Programs.Run("chmod", "-R", "u+rwx", Root); }
        Programs.Run("rm", "-rf", "--", Root);
    }
}
