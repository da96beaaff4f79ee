using ZXing;
using ZXing.Common;
using ZXing.QrCode;
using ZXing.QrCode.Internal;

namespace Varve.App.Output.Paper;

/// <summary>A QR code as dark and light squares, with the light margin of four that readers need. Immutable.</summary>
internal sealed class QrMatrix
{
    private const int Margin = 4;

    private readonly bool[] _dark;

    private QrMatrix(bool[] dark, int size) => (_dark, Size) = (dark, size);

    /// <summary>Squares a side, the margin included.</summary>
    internal int Size { get; }

    /// <summary>Whether a square is dark; what lies below the last row is light.</summary>
    internal bool IsDark(int row, int column) => row < Size && _dark[(row * Size) + column];

    /// <summary>
    /// The code of a text. Up to 15 % of it may be unreadable (level M): paper gets stains, and a code with more would no longer fit a
    /// terminal of 80 columns.
    /// </summary>
    internal static QrMatrix Of(string text)
    {
        var hints = new Dictionary<EncodeHintType, object>
        {
            [EncodeHintType.ERROR_CORRECTION] = ErrorCorrectionLevel.M, [EncodeHintType.MARGIN] = Margin,
        };
        BitMatrix matrix = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, hints);
        var dark = new bool[matrix.Height * matrix.Width];
        for (int i = 0; i < dark.Length; i++) { dark[i] = matrix[i % matrix.Width, i / matrix.Width]; }
        return new QrMatrix(dark, matrix.Width);
    }
}
