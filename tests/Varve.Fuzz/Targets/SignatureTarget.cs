using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Delta;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Platform.Files;

namespace Varve.Fuzz.Targets;

/// <summary>
/// Signatures of large files. First byte 0: the file's bytes as they are. Else the bodies of its sections and of its table, bytes each,
/// which are sealed as a writer would: what is behind the seal is parsed too.
/// </summary>
internal sealed class SignatureTarget : IFuzzTarget
{
    private static readonly DeltaKeys s_keys = new(Known.Key);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"varve-fuzz-signature-{Environment.ProcessId}");

    public string Name => "signature";

    public IEnumerable<byte[]> Seeds()
    {
        var section = new ByteWriter();
        section.U32(2);
        section.U32(2);
        SignatureFormat.WriteCell(section, new CellRecord(0, 4096, 7, 8));
        SignatureFormat.WriteCell(section, new CellRecord(4096, 100, 7, 8));
        SignatureFormat.WriteExtent(section, new MappedExtent(0, new Extent(Known.Chunk(1), 0, 4000), 4000));
        SignatureFormat.WriteExtent(section, new MappedExtent(4000, Extent.Hole(196), 0));
        var table = new ByteWriter();
        table.U64(28);
        table.U64(0);
        table.U64(0);
        table.U64(4196);
        yield return [1, .. ChunkBox.Pack(section.ToArray(), table.ToArray())];
        yield return [1, .. ChunkBox.Pack([4, 16, 0, 0, 0, 0, 0, 0])];
        yield return [0, .. Sealed([section.ToArray(), table.ToArray()])];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) { return; }
        byte[] file;
        if (input[0] == 0) { file = input[1..].ToArray(); }
        else
        {
            var bodies = new List<byte[]>();
            var reader = new ByteReader(input[1..], Subject.None);
            while (reader.Remaining > 0) { bodies.Add(reader.Bytes().ToArray()); }
            if (bodies.Count == 0) { return; }
            file = Sealed(bodies);
        }

        using PrivateDirectory directory = PrivateDirectory.TryOpen(_folder, out string reason) ?? throw new FuzzException(reason);
        File.WriteAllBytes(Path.Combine(_folder, "x"), file);
        try
        {
            using SignatureReader? signature = SignatureReader.TryOpen(directory, "x", s_keys);
            if (signature is not null) { Use(signature); }
        }
        finally { Directory.Delete(_folder, recursive: true); }
    }

    private static void Use(SignatureReader signature)
    {
        foreach (long offset in (long[])[0, 1, 4000, 4096, 1 << 20, long.MaxValue - 5000])
        {
            CellPlace place = signature.FindCell(offset);
            for (int i = 0; i < 10 && signature.TryGet(place, out _); i++) { place = signature.Next(place); }
            signature.TryBefore(offset, out _);
            var extents = new List<MappedExtent>();
            if (!signature.TryResolve(offset, 4096, extents)) { continue; }
            long end = offset;
            foreach (MappedExtent extent in extents)
            {
                Same.Require(extent.Offset == end && extent.Extent.Length > 0, "slices of a file do not follow each other");
                end = extent.Offset + extent.Extent.Length;
            }

            Same.Require(end == offset + 4096, "slices do not cover what was asked for");
        }
    }

    private static byte[] Sealed(List<byte[]> bodies)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, s_keys.Files);
        byte[] header = [.. SignatureFormat.Magic, 0, 16, 0, 0, .. new byte[16]];
        var file = new ByteWriter();
        file.Raw(header);
        Span<byte> seal = stackalloc byte[SignatureFormat.SealLength], end = stackalloc byte[4];
        for (int i = 0; i < bodies.Count; i++)
        {
            SignatureFormat.Seal(hash, header, i == bodies.Count - 1 ? SignatureFormat.TableNumber : (uint)i, bodies[i], seal);
            file.Raw(bodies[i]);
            file.Raw(seal);
        }

        BinaryPrimitives.WriteInt32LittleEndian(end, bodies[^1].Length + SignatureFormat.SealLength);
        file.Raw(end);
        file.Raw(SignatureFormat.Magic);
        return file.ToArray();
    }
}
