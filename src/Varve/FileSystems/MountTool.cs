using System.Text;
using Varve.Model;

namespace Varve.FileSystems;

/// <summary>Mounting and unmounting at places of our own. Stateless.</summary>
internal static class MountTool
{
    private const int Tries = 5;

    /// <summary>Mounts a device.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    public static void Mount(string device, string place, string type, string options) =>
        Tool.Do($"mount {device} on {place}", NeedsRoot("Look at the system log for the reason, or back up without --fs-snapshot."), "mount", "-t", type, "-o", options, device, place);

    /// <summary>Unmounts whatever is mounted there, if anything is; several layers if need be.</summary>
    /// <exception cref="VarveException">Storage: it is still mounted.</exception>
    public static void Unmount(string place)
    {
        for (int attempt = 0; MountTable.Read().IsMounted(Encoding.UTF8.GetBytes(place)); attempt++)
        {
            ToolResult result = Tool.Run("umount", place);
            if (result.Succeeded) { continue; }
            // Somebody, perhaps an indexer, has a file open there: most often not for long.
            if (attempt >= Tries) { throw new VarveException(ErrorKind.Storage, $"cannot unmount {place}: {result.Errors}", "The next backup tries again."); }
            Thread.Sleep(100 << attempt);
        }
    }

    /// <summary>A hint for what only root may do.</summary>
    public static string NeedsRoot(string otherwise) =>
        Environment.IsPrivilegedProcess ? otherwise : "Snapshots of file systems need root: run varve as root, or back up without --fs-snapshot.";
}
