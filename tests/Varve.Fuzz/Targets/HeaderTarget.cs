using Varve.Format;
using Varve.Keys;
using Varve.Model;

namespace Varve.Fuzz.Targets;

/// <summary>The object <c>varve</c>.</summary>
internal sealed class HeaderTarget : IFuzzTarget
{
    private const string Created = "2026-11-22T10:00:00Z";

    public string Name => "header";

    public IReadOnlyList<byte[]> Words { get; } = JsonWords.All;

    public IEnumerable<byte[]> Seeds() =>
    [
        HeaderJson.Encode(new RepositoryHeader(1, Known.Repository, Created, 32 << 20, 4 << 20, 32 << 10, 128 << 10, 512 << 10)),
        HeaderJson.Encode(new RepositoryHeader(1, Known.Repository, Created, Limits.MaxPack, Limits.MaxBlock, 64, 64, 64)),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        RepositoryHeader header = HeaderJson.Decode(input);
        Same.Require(HeaderJson.Decode(HeaderJson.Encode(header)) == header, "a header is another once written and read again");
    }
}
