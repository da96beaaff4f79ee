using Varve.Format;

namespace Varve.Seal;

/// <summary>A kind of record: sealed, with a public part, a private one and a signature (docs/format.md, 5.2). Immutable.</summary>
internal sealed class RecordKind
{
    private readonly byte[] _magic, _label;

    private RecordKind(ObjectType type, ReadOnlySpan<byte> magic, ReadOnlySpan<byte> label, string name)
    {
        (Type, _magic, _label, Name) = (type, magic.ToArray(), label.ToArray(), name);
    }

    /// <summary>A snapshot.</summary>
    internal static RecordKind Snapshot { get; } = new(ObjectType.Snapshot, ObjectMagic.Snapshot, "varve/1 snapshot"u8, "a snapshot");

    /// <summary>A note.</summary>
    internal static RecordKind Note { get; } = new(ObjectType.Note, ObjectMagic.Note, "varve/1 note"u8, "a note");

    internal ObjectType Type { get; }

    /// <summary>How errors call it.</summary>
    internal string Name { get; }

    internal ReadOnlySpan<byte> Magic => _magic;

    /// <summary>What its private part is bound to.</summary>
    internal ReadOnlySpan<byte> Label => _label;
}
