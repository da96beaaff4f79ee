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

    /// <summary>A list of condemned packs.</summary>
    internal static RecordKind Condemned { get; } =
        new(ObjectType.Condemned, ObjectMagic.Condemned, "varve/1 condemned"u8, "a list of condemned packs");

    /// <summary>Fences and decisions.</summary>
    internal static RecordKind Fence { get; } = new(ObjectType.Fence, ObjectMagic.Fence, "varve/1 fence"u8, "a fence");

    /// <summary>The final mark of a list of condemned packs.</summary>
    internal static RecordKind Final { get; } = new(ObjectType.Final, ObjectMagic.Final, "varve/1 final"u8, "a final mark");

    internal ObjectType Type { get; }

    /// <summary>How errors call it.</summary>
    internal string Name { get; }

    internal ReadOnlySpan<byte> Magic => _magic;

    /// <summary>What its private part is bound to.</summary>
    internal ReadOnlySpan<byte> Label => _label;
}
