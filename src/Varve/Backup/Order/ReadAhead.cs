using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Order;

/// <summary>
/// Asks the system for what will be read soon, so that no worker waits for a disk: the files of a batch when it is put, which is ahead of
/// the workers by as many batches as wait. Where the first of them are in memory, as when they were read lately, or the file system cannot
/// tell, nothing is asked. Stateless; thread-safe.
/// </summary>
internal static class ReadAhead
{
    /// <summary>What is asked for of one file. Of longer ones the rest is asked for while they are read.</summary>
    internal const long MostOfFile = 4 << 20;

    /// <summary>Files that are looked at, whether they have to be asked for.</summary>
    private const int Samples = 2;

    /// <summary>Asks for the files of a batch. What cannot be opened is somebody else's to tell.</summary>
    internal static void Ask(ReadBatch batch)
    {
        if (DescriptorShare.AreFew) { return; }
        int asked = 0, seen = 0;
        foreach ((int directory, int now, int _) in batch.Items)
        {
            (DirectoryNode node, DirectoryHandle handle) = batch.Directories[directory];
            long size = node.Listing.Stat(now).Size;
            if (size == 0) { continue; }
            if (asked == 0 && seen++ == Samples) { return; }
            if (EntryReader.TryOpenFile(handle.Fd, node.NameOnDisk(now), out SafeFd file) != 0) { continue; }
            if (asked > 0 || FilePages.IsOnDisk(file.Value, 0))
            {
                FilePages.Ask(file.Value, 0, Math.Min(size, MostOfFile));
                asked++;
            }

            file.Close();
        }
    }
}
