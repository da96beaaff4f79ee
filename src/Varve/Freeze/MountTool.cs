using System.Text;
using Varve.Model;

namespace Varve.Freeze;

/// <summary>Mounting and unmounting at places of our own. Stateless.</summary>
internal sealed class MountTool(Tool tool)
{
    private const int Tries = 5;

    /// <summary>Mounts a device.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    public void Mount(string device, string place, string type, string options) =>
        tool.Do(Subject.Volume(device), $"mount it on {place}", tool.NeedsRoot(Advice.SeeMountLog), "mount", "-t", type, "-o", options,
        device, place);

    /// <summary>Unmounts whatever is mounted there, if anything is; several layers if need be.</summary>
    /// <exception cref="VarveException">Storage: it is still mounted.</exception>
    public void Unmount(string place)
    {
        for (int attempt = 0; MountTable.Read().IsMounted(Encoding.UTF8.GetBytes(place)); attempt++)
        {
            ToolResult result = tool.Run("umount", place);
            if (result.Succeeded) { continue; }
            // Somebody, perhaps an indexer, has a file open there: most often not for long.
            if (attempt >= Tries)
            {
                throw new VarveException(ErrorKind.Storage, Subject.Volume(place), $"cannot unmount it: {result.Errors}",
                    Advice.NextRunTries);
            }
            Thread.Sleep(100 << attempt);
        }
    }
}
