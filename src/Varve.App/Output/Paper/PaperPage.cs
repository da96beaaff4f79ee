using System.Globalization;
using System.Text;

namespace Varve.App.Output.Paper;

/// <summary>A paper key as a page that any browser prints: nothing in it is fetched from anywhere.</summary>
internal static class PaperPage
{
    internal static string Of(PaperSheet sheet)
    {
        var remarks = new StringBuilder();
        foreach (string remark in sheet.Remarks)
        {
            remarks.Append(remark[0] == ' ' ? $"<p><code>{remark.Trim()}</code></p>\n" : $"<p>{remark}</p>\n");
        }

        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>{sheet.Title}</title>
            <style>
            @page {"{ margin: 18mm }"}
            body {"{ color: #000; background: #fff; font: 11pt sans-serif; max-width: 174mm; margin: auto }"}
            h1 {"{ font-size: 13pt }"}
            pre {"{ font: 12pt monospace; line-height: 1.5 }"}
            svg {"{ width: 80mm; height: 80mm }"}
            </style>
            </head>
            <body>
            <h1>{sheet.Title}</h1>
            {remarks}<pre>
            {string.Join('\n', sheet.Lines)}
            </pre>
            {Svg(sheet.Code)}
            </body>
            </html>

            """;
    }

    /// <summary>The code as one path: a rectangle for each run of dark squares.</summary>
    private static string Svg(QrMatrix code)
    {
        var path = new StringBuilder();
        for (int row = 0; row < code.Size; row++)
        {
            for (int column = 0; column < code.Size; column++)
            {
                int start = column;
                while (column < code.Size && code.IsDark(row, column)) { column++; }
                if (column > start) { path.Append(CultureInfo.InvariantCulture, $"M{start} {row}h{column - start}v1H{start}z"); }
            }
        }

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.Size} {code.Size}" shape-rendering="crispEdges">
            <path fill="#fff" d="M0 0h{code.Size}v{code.Size}H0z"/><path d="{path}"/>
            </svg>
            """;
    }
}
