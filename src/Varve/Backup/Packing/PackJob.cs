using Varve.Model.Packs;
using Varve.Store;

namespace Varve.Backup.Packing;

/// <summary>A finished pack on its way to the store. The uploader disposes the staged object.</summary>
/// <param name="Staged">The bytes, complete.</param>
/// <param name="Contents">Its name and what its footer lists.</param>
/// <param name="Number">The ledger's number.</param>
internal sealed record PackJob(IStagedObject Staged, PackContents Contents, long Number);
