namespace Varve.Format;

/// <summary>What a sealed object is. The numbers are the format's (docs/format.md, 5).</summary>
internal enum ObjectType : byte
{
    /// <summary>The footer of a pack; its context is the pack's header.</summary>
    Footer = 1,
    /// <summary>An index run.</summary>
    IndexRun = 2,
    /// <summary>A snapshot.</summary>
    Snapshot = 3,
    /// <summary>A list of condemned packs.</summary>
    Condemned = 4,
    /// <summary>Something that is said of lineages or snapshots.</summary>
    Note = 5,
    /// <summary>Fences and decisions.</summary>
    Fence = 6,
    /// <summary>The final mark of a list of condemned packs.</summary>
    Final = 7,
}
