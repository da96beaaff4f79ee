using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;

namespace Varve.Tree;

/// <summary>The public part of fences (docs/format.md, 11.2). Sealing is done elsewhere. Stateless, thread-safe.</summary>
internal static class FenceCodec
{
    private const int Entry = 1, Replaced = 2;
    private const ulong Single = 0;

    private static readonly Subject s_what = Subject.PartOnly("the content");

    /// <summary>The plaintext.</summary>
    public static byte[] Encode(FenceList fences)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, Single);
        foreach (Fence fence in fences.Entries)
        {
            byte[] names = [.. (fence.Decided ?? []).SelectMany(static n => n.Value.ToArray())];
            fields.Bytes(Entry, [.. fence.Session.ToArray(), fence.Decided is null ? (byte)0 : (byte)1, .. names]);
        }

        foreach (ObjectName replaced in fences.Replaced) { fields.Id(Replaced, replaced.Value); }
        return writer.ToArray();
    }

    /// <summary>Decodes the plaintext; throws <see cref="ErrorKind.Damaged"/>, without a name, if it is none.</summary>
    public static FenceList Decode(ReadOnlySpan<byte> plaintext)
    {
        List<Fence> entries = [];
        List<ObjectName> replaced = [];
        var fields = new FieldReader(plaintext, s_what, Single);
        while (fields.MoveNext())
        {
            if (fields.Tag == Entry) { entries.Add(Read(fields.Value) ?? throw fields.Damaged()); }
            else if (fields.Tag == Replaced) { replaced.Add(fields.ObjectName()); }
        }

        return new FenceList(entries, replaced);
    }

    /// <summary>Null for what is none.</summary>
    private static Fence? Read(ReadOnlySpan<byte> entry)
    {
        const int Names = SessionId.Size + 1;
        if (entry.Length < Names || (entry.Length - Names) % Bytes32.Size != 0) { return null; }
        bool isDecision = entry[SessionId.Size] == 1;
        if (entry[SessionId.Size] > 1 || (!isDecision && entry.Length > Names)) { return null; }
        var names = new ObjectName[(entry.Length - Names) / Bytes32.Size];
        for (int i = 0; i < names.Length; i++) { names[i] = new ObjectName(entry.Slice(Names + (i * Bytes32.Size), Bytes32.Size)); }
        return new Fence(new SessionId(entry), isDecision ? names : null);
    }
}
