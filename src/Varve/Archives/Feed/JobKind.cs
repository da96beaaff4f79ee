namespace Varve.Archives.Feed;

/// <summary>What a piece of work is.</summary>
internal enum JobKind : byte
{
    /// <summary>An entry with all of its content, if it has any.</summary>
    Whole,
    /// <summary>An entry whose content follows in pieces.</summary>
    Begin,
    /// <summary>A piece of the content of the last entry that began.</summary>
    Piece,
    /// <summary>The content of the last entry that began is complete.</summary>
    End,
}
