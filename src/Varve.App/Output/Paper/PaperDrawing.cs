using System.Text;

namespace Varve.App.Output.Paper;

/// <summary>How a QR code is drawn with half blocks, two squares above each other in a character. Immutable.</summary>
internal sealed class PaperDrawing
{
    /// <summary>White on black, whatever the terminal's own colours are; and back to those.</summary>
    private const string Begin = "\e[97;40m", End = "\e[0m";

    private readonly int _columns;
    private readonly bool _isLightDrawn, _isColoured, _isPlainText;

    private PaperDrawing(int columns, bool isLightDrawn, bool isColoured, bool isPlainText) =>
        (_columns, _isLightDrawn, _isColoured, _isPlainText) = (columns, isLightDrawn, isColoured, isPlainText);

    /// <summary>For paper, and wherever dark characters stand on a light ground: what is dark is drawn.</summary>
    internal static PaperDrawing Plain { get; } = new(int.MaxValue, isLightDrawn: false, isColoured: false, isPlainText: false);

    /// <summary>
    /// For a terminal, most of which are dark: what is light is drawn, in colours that make it so anywhere if the terminal has them. Not at
    /// all if it is too narrow, or shows no block characters.
    /// </summary>
    internal static PaperDrawing OfTerminal(int columns, bool isColoured, bool hasBlocks) =>
        new(columns, isLightDrawn: true, isColoured, isPlainText: !hasBlocks);

    /// <summary>Draws the code, or says why it is not drawn, in lines.</summary>
    internal string Of(QrMatrix code)
    {
        if (_isPlainText) { return "# This terminal shows no QR code. Write a page to print: --output FILE.html\n"; }
        if (_columns < code.Size)
        {
            return $"# The QR code needs {code.Size} columns. Make the terminal wider, or write a page to print: --output FILE.html\n";
        }

        var text = new StringBuilder();
        for (int row = 0; row < code.Size; row += 2)
        {
            if (_isColoured) { text.Append(Begin); }
            for (int column = 0; column < code.Size; column++)
            {
                bool upper = code.IsDark(row, column) != _isLightDrawn, lower = code.IsDark(row + 1, column) != _isLightDrawn;
                text.Append((upper, lower) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' });
            }

            text.Append(_isColoured ? End : "").Append('\n');
        }

        return text.ToString();
    }
}
