using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>A pack as an index run lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes of the whole object.</param>
/// <param name="Kind">Data or meta.</param>
/// <param name="Origin">Which of the table's runs lists it so.</param>
/// <param name="Listed">SHA-256 of what the run says that its footer is: two that say the same agree.</param>
internal readonly record struct RunPack(ObjectName Name, long Size, PackKind Kind, uint Origin = 0, Bytes32 Listed = default);
