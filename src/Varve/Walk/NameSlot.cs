using Varve.Model;

namespace Varve.Walk;

/// <summary>A name in an arena, with what the directory itself says of it.</summary>
internal struct NameSlot
{
    public int Offset;
    public int Length;
    public EntryKind Kind;
    public ulong Inode;

    public readonly ReadOnlySpan<byte> Name(byte[] arena) => arena.AsSpan(Offset, Length);
}
