namespace Varve.Lookup;

/// <summary>What holds for the chunks of a pack as a run lists it.</summary>
[Flags]
internal enum PackUse : byte
{
    /// <summary>Nothing: readers and writers use them.</summary>
    None = 0,

    /// <summary>Writers store them again, readers read them last: the pack is condemned, damaged or false.</summary>
    Last = 1,

    /// <summary>The run that lists it so does not count.</summary>
    LeftOut = 2,

    /// <summary>Writers do not rely on them before the pack was verified.</summary>
    Doubted = 4,
}
