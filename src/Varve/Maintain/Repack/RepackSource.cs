using Varve.Maintain.Plan;

namespace Varve.Maintain.Repack;

/// <summary>A pack that is copied from. Guarded by who copies.</summary>
/// <param name="pack">The pack.</param>
internal sealed class RepackSource(PackEntry pack)
{
    /// <summary>The pack.</summary>
    internal PackEntry Pack => pack;

    /// <summary>Blocks with something of it that are in no durable pack yet.</summary>
    internal int Pending { get; set; }

    /// <summary>Whether it was read to its end, so that nothing more is to come of it.</summary>
    internal bool IsRead { get; set; }
}
