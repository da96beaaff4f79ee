using Varve.Model;
using Varve.Pack;

namespace Varve.Backup;

/// <summary>A finished pack on its way to the store. The uploader gives the builder back to the pool.</summary>
/// <param name="Builder">The bytes.</param>
/// <param name="Kind">Data or meta.</param>
internal sealed record PackJob(PackBuilder Builder, PackKind Kind);
