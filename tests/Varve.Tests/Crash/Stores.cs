using Varve.Store;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Crash;

/// <summary>Copies of what a machine had durably: to crash many times from one state.</summary>
internal static class Stores
{
    internal static MemoryStore Copy(IStore store)
    {
        var copy = new MemoryStore();
        foreach (StoreObject item in store.List(""))
        {
            // A session may end between the listing and now.
            if (store.Get(item.Key, long.MaxValue) is { } bytes) { copy.Overwrite(item.Key, bytes); }
        }

        return copy;
    }

    /// <summary>Copies a directory of files as they are, while others write to them: what is appended later is left out.</summary>
    internal static void CopyCache(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from)) { return; }

        // The database before its log: what moves from the log to the database meanwhile is then in both.
        foreach (string file in Directory.EnumerateFiles(from).Order(StringComparer.Ordinal))
        {
            try
            {
                using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using FileStream target = File.Create(Path.Combine(to, Path.GetFileName(file)));
                source.CopyTo(target);
            }
            catch (IOException)
            {
                // Removed meanwhile, or a lock of .NET's own making: no part of the catalog.
            }
        }

        foreach (string directory in Directory.EnumerateDirectories(from))
        {
            CopyCache(directory, Path.Combine(to, Path.GetFileName(directory)));
        }
    }
}
