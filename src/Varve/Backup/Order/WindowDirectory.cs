using Varve.Backup.Run;
using Varve.Walk;

namespace Varve.Backup.Order;

/// <summary>
/// A directory with files in a <see cref="ReadWindow"/>, which holds its handle and a part of its node that is not done. Used with the
/// window.
/// </summary>
internal sealed class WindowDirectory(DirectoryNode node, DirectoryHandle handle)
{
    internal DirectoryNode Node => node;

    internal DirectoryHandle Handle => handle;

    /// <summary>Its files in the window that are in no batch yet; at 0 the window holds it no longer.</summary>
    internal int Left { get; set; }

    /// <summary>The batch at hand, if it has files of the directory: its serial number in the window.</summary>
    internal long Batch { get; set; }

    /// <summary>The directory's number in that batch.</summary>
    internal int Slot { get; set; }
}
