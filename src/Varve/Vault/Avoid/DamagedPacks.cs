using Varve.Model;
using Varve.Platform.Files;

namespace Varve.Vault.Avoid;

/// <summary>
/// Which packs a check on this machine found damaged or missing: backups do not rely on what is in them, and store it again when they come
/// to it. Stateless, thread-safe.
/// </summary>
internal static class DamagedPacks
{
    private const string File = "damaged-packs";

    /// <summary>Those that are known; none if the cache has none.</summary>
    internal static HashSet<ObjectName> Read(PrivateDirectory cache) => NameList.Read(cache, File);

    /// <summary>Keeps them instead of those that were known.</summary>
    internal static void Write(PrivateDirectory cache, IReadOnlyCollection<ObjectName> packs) => NameList.Write(cache, File, packs);
}
