using System.Text;
using Varve.Archives.Digest;
using Varve.Archives.Output;
using Varve.Model;

namespace Varve.Fuzz.Targets;

/// <summary>What is read of files that may be archives of ours: their comments, and lists of digests.</summary>
internal sealed class ArchiveTarget : IFuzzTarget
{
    private const string Comment = "Varve archive 1\nsource 00ff\nhost desk\npath /a\nmade 2026-11-29T09:15:00Z\ndigest m1-00\ntorn 1\n";

    public string Name => "archive";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        "Varve archive 1\n"u8.ToArray(), "source "u8.ToArray(), "\ndigest "u8.ToArray(), "\nmade "u8.ToArray(), "comment="u8.ToArray(),
        "PK\x05\x06"u8.ToArray(), "m1-"u8.ToArray(), "c1-"u8.ToArray(), "\\x"u8.ToArray(),
    ];

    public IEnumerable<byte[]> Seeds()
    {
        byte[] comment = Encoding.UTF8.GetBytes(Comment);
        yield return [.. "PK\x05\x06"u8, .. new byte[16], (byte)comment.Length, 0, .. comment];
        var tar = new byte[CommentReader.TarLength];
        tar[156] = (byte)'g';
        Encoding.UTF8.GetBytes("4096 comment=" + Comment, tar.AsSpan(512));
        yield return tar;
        yield return [0x28, 0xB5, 0x2F, 0xFD, .. new byte[6], .. tar];
        yield return [0x1F, 0x8B, .. new byte[13], .. tar];
        yield return Encoding.UTF8.GetBytes($"m1-{new string('0', 64)}  a\\n\\xff\\\\b");
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (ArchiveComment? comment in (ReadOnlySpan<ArchiveComment?>)[CommentReader.OfTar(input), CommentReader.OfZip(input)])
        {
            if (comment is null) { continue; }
            ArchiveComment? again = ArchiveComment.TryParse(comment.ToBytes(int.MaxValue));
            bool isSame = again?.Source == comment.Source && again.Digest == comment.Digest && again.Made == comment.Made;
            Same.Require(isSame, "a comment is another once written and read again");
        }

        if (RecordedDigests.TryParse(Encoding.UTF8.GetString(input)) is { } line)
        {
            byte[]? path = PathText.TryParse(PathText.Of(line.Path));
            Same.Require(path.AsSpan().SequenceEqual(line.Path), "a path is another once written and read again");
        }
    }
}
