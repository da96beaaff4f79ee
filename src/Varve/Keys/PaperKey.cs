using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Keys;

/// <summary>
/// The secrets of a repository as text for paper (docs/format.md, 4.1): all that a key slot holds but its identity, and the header. Whoever
/// has it needs no password and no key file, and neither the repository's header nor its key slots. Immutable until disposed, which zeroes
/// the bytes; texts that were made of it are not reached.
/// </summary>
internal sealed class PaperKey : IDisposable
{
    private const int CheckLength = 6, MostBytes = 2048;
    private static readonly Subject s_what = Subject.Request("the paper key");

    private readonly byte[] _bytes;

    private PaperKey(byte[] bytes, KeyLevel level, RepositoryId id)
    {
        _bytes = bytes;
        Level = level;
        Id = id;
    }

    /// <summary>What it allows.</summary>
    public KeyLevel Level { get; }

    /// <summary>The repository it is of: its <see cref="Varve.Repository.Id"/>.</summary>
    public string Repository => Id.ToString();

    internal RepositoryId Id { get; }

    /// <summary>The line above the others, which says what they are.</summary>
    internal const string Title = "varve-paper-1";

    /// <summary>What is to be typed: each line has its number and its own check digits.</summary>
    public IReadOnlyList<string> Lines =>
        [.. _bytes.Chunk(PaperLine.MostBytes).Select(static (bytes, i) => PaperLine.Of(i + 1, bytes))];

    /// <summary>The same in one line of capitals and digits, for a QR code.</summary>
    public string Code => Title.ToUpperInvariant() + ":" + PaperDigits.Of(_bytes);

    /// <summary>Reads a paper key: its lines, or the text of its QR code.</summary>
    /// <exception cref="VarveException">WrongKey: which line is not as it was printed, or that it is no paper key. Unsupported: one of
    /// another version.</exception>
    public static PaperKey Parse(string text)
    {
        using var lines = new PaperKeyLines();
        foreach (Range line in text.AsSpan().Split('\n')) { lines.Add(text[line]); }
        return lines.Finish();
    }

    /// <summary>Reads a paper key from a file; <paramref name="warn"/> hears that it is no secret.</summary>
    /// <exception cref="VarveException">NotFound, Storage: it cannot be read, or others could change it; else as
    /// <see cref="Parse"/>.</exception>
    public static PaperKey Load(string path, Action<Notice>? warn = null) =>
        Parse(SecretFile.Read(path, Subject.Path(path), warn, sync: false,
            why => new VarveException(ErrorKind.WrongKey, Subject.Path(path), $"is no paper key: {why}", Advice.GivePaperKey)));

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>The paper key of a bundle.</summary>
    internal static PaperKey Of(SecretBundle bundle)
    {
        RepositoryHeader header = HeaderJson.Decode(bundle.HeaderJson);
        // Room for all of it: growing would leave secrets in the buffer before.
        var writer = new ByteWriter(2 * MostBytes);
        writer.U8((byte)bundle.Level);
        writer.Raw(bundle.RepositoryId.ToArray());
        writer.Raw(bundle.ChunkIdKey);
        writer.Raw(bundle.ChunkerKey);
        writer.Raw(bundle.IndexKey);
        writer.Raw(bundle.PrivateKey ?? bundle.PublicKey);
        writer.Text(header.Created);
        foreach (int number in (ReadOnlySpan<int>)[header.PackSize, header.BlockSize, header.ChunkMin, header.ChunkAverage, header.ChunkMax])
        {
            writer.VarInt((uint)number);
        }

        var whole = new ByteWriter(2 * MostBytes);
        whole.Bytes(writer.Written);
        whole.Raw(Check(whole.Written));
        byte[] bytes = whole.ToArray();
        writer.Wipe();
        whole.Wipe();
        return new PaperKey(bytes, bundle.Level, bundle.RepositoryId);
    }

    /// <summary>How many bytes the paper key has that begins so.</summary>
    /// <exception cref="VarveException">WrongKey: none begins so.</exception>
    internal static int LengthOf(ReadOnlySpan<byte> start)
    {
        var reader = new ByteReader(start, s_what);
        bool isShort = start[0] < 0x80 || start[1] < 0x80;
        ulong length = isShort ? reader.VarInt() : ulong.MaxValue;
        return length is >= PaperLine.MostBytes and <= MostBytes ? reader.Position + (int)length + CheckLength
            : throw Wrong("has no length that a paper key can have");
    }

    /// <summary>Reads all its bytes.</summary>
    /// <exception cref="VarveException">WrongKey: they make no sense.</exception>
    internal static PaperKey Decode(ReadOnlySpan<byte> bytes)
    {
        if (LengthOf(bytes) != bytes.Length) { throw Wrong("has another length than it says"); }
        ReadOnlySpan<byte> before = bytes[..^CheckLength];
        if (!Check(before).SequenceEqual(bytes[^CheckLength..])) { throw Wrong("is put together from lines of several"); }
        using var unnamed = new PaperKey(bytes.ToArray(), default, default);
        using SecretBundle bundle = unnamed.ToBundle();
        return new PaperKey(bytes.ToArray(), bundle.Level, bundle.RepositoryId);
    }

    /// <summary>The secrets. The caller disposes them.</summary>
    internal SecretBundle ToBundle()
    {
        try
        {
            var reader = new ByteReader(_bytes.AsSpan(0, _bytes.Length - CheckLength), s_what);
            _ = reader.VarInt();
            byte level = reader.U8();
            if (level is not ((byte)KeyLevel.Write or (byte)KeyLevel.Full)) { throw reader.Damaged($"there is no level {level}"); }
            var id = new RepositoryId(reader.Take(RepositoryId.Size));
            byte[] chunkIdKey = reader.Take(SecretBundle.KeySize).ToArray(), chunkerKey = reader.Take(SecretBundle.KeySize).ToArray(),
                indexKey = reader.Take(SecretBundle.KeySize).ToArray();
            byte[] pair = reader.Take(level == (byte)KeyLevel.Full ? SecretBundle.KeySize : SecretBundle.PublicKeySize).ToArray();
            byte[] header = HeaderJson.Encode(ReadHeader(ref reader, id));
            _ = HeaderJson.Decode(header); // within the bounds of one
            reader.End();
            return SecretBundle.Of((KeyLevel)level, id, chunkIdKey, chunkerKey, indexKey, pair, header);
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw Wrong($"makes no sense: {e.What}"); }
    }

    private static RepositoryHeader ReadHeader(ref ByteReader reader, RepositoryId id)
    {
        string created = Encoding.UTF8.GetString(reader.Bytes());
        Span<int> sizes = stackalloc int[5];
        foreach (ref int size in sizes)
        {
            uint value = reader.VarInt32();
            size = value <= int.MaxValue ? (int)value : throw reader.Damaged("a size is too large");
        }

        return new RepositoryHeader(RepositoryHeader.CurrentVersion, id, created, sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
    }

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> bytes)
    {
        byte[] all = [.. "varve/1 paper key"u8, .. bytes];
        byte[] hash = SHA256.HashData(all);
        CryptographicOperations.ZeroMemory(all);
        return hash.AsSpan(0, CheckLength);
    }

    private static VarveException Wrong(string what) => new(ErrorKind.WrongKey, s_what, what, Advice.CompareWithPaper);
}
