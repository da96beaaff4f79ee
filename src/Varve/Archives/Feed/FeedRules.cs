using Varve.Archives.Codec;

namespace Varve.Archives.Feed;

/// <summary>What a format wants of the source.</summary>
/// <param name="HasLinks">Further names of a file are told as such, and not read again.</param>
/// <param name="RepeatsLinks">They are read all the same: whoever writes tells whether they are further names.</param>
/// <param name="HasHoles">Holes are told, and not read.</param>
/// <param name="HasAttributes">Extended attributes and names of owners are wanted.</param>
/// <param name="HasSpecial">It holds fifos and devices.</param>
/// <param name="Deflates">Content is deflated, each entry by itself.</param>
internal sealed record FeedRules(bool HasLinks, bool RepeatsLinks, bool HasHoles, bool HasAttributes, bool HasSpecial, bool Deflates)
{
    /// <summary>Files of so many bytes at most are read at once.</summary>
    internal const int MostSmall = Deflater.PieceLength;

    /// <summary>What a job weighs besides its content: the directory that it holds open, and its entry.</summary>
    internal const int JobWeight = 64 << 10;

    /// <summary>A zip.</summary>
    internal static readonly FeedRules Zip = new(HasLinks: false, RepeatsLinks: false, HasHoles: false, HasAttributes: false,
        HasSpecial: false, Deflates: true);

    /// <summary>A tar.</summary>
    internal static readonly FeedRules Tar = new(HasLinks: true, RepeatsLinks: false, HasHoles: true, HasAttributes: true,
        HasSpecial: true, Deflates: false);

    /// <summary>Tars that each open without the others: the first name of a file may be in another.</summary>
    internal static readonly FeedRules TarVolumes = Tar with { RepeatsLinks = true };
}
