namespace Varve;

/// <summary>What a key allows. The numbers are the format's (docs/format.md, 4).</summary>
public enum KeyLevel : byte
{
    /// <summary>Deduplicate and back up; not read one byte of content nor one file name back.</summary>
    Write = 1,
    /// <summary>Everything.</summary>
    Full = 2,
}
