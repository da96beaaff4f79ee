using Varve.Model;

namespace Varve.Backup.Dirty;

/// <summary>What a set of changed directories holds for, besides the snapshot that it is relative to.</summary>
/// <param name="Place">This start of the machine, the root of the source, and what is mounted there and below.</param>
/// <param name="Rules">What is left out, and all else that a run goes by.</param>
/// <param name="Catalog">The file that is the catalog.</param>
internal readonly record struct WatchIdentity(Bytes32 Place, Bytes32 Rules, Bytes32 Catalog);
