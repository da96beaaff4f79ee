using Varve.Model;
using Varve.Seal;
using Varve.Tree;

namespace Varve.Vault.Snapshots;

/// <summary>A note with its name and who said it.</summary>
internal sealed record SignedNote(ObjectName Name, Note Note, Signature Signature)
{
    /// <summary>
    /// Whether it is said by who may say it of whatever it is of (docs/format.md, 9.1): a full key's identity may say all.
    /// </summary>
    internal bool Counts => Signature.IsFull
        || (Note.Kind == NoteKind.Naming && Signature.Writer is { } writer && writer.Uid == Note.Lineage.Writer);
}
