using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Reports;

/// <summary>A row of a query: null, long, double, string or byte[] in each column. Its members are the query's own.</summary>
[JsonConverter(typeof(SqlRowConverter))]
internal readonly struct SqlRow(IReadOnlyList<string> names, IReadOnlyList<object?> values) : IReport<SqlRow>
{
    static JsonTypeInfo<SqlRow> IReport<SqlRow>.Shape => ReportShapes.Default.SqlRow;

    /// <summary>Distinct, see <see cref="Distinct"/>.</summary>
    internal IReadOnlyList<string> Names => names;

    internal IReadOnlyList<object?> Values => values;

    public void Print(Page page)
    {
        for (int i = 0; i < values.Count; i++)
        {
            page.Out.Write(i == 0 ? "" : "\t");
            page.Out.Write(Text(values[i]));
        }

        page.Out.WriteLine();
    }

    /// <summary>The line above the rows.</summary>
    internal static string Header(IReadOnlyList<string> columns) => string.Join('\t', columns.Select(static c => NameText.Escape(c)));

    /// <summary>The names made distinct: a second "n" becomes "n:2".</summary>
    internal static IReadOnlyList<string> Distinct(IReadOnlyList<string> columns)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = new string[columns.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = columns[i];
            for (int n = 2; !seen.Add(names[i]); n++) { names[i] = $"{columns[i]}:{n}"; }
        }

        return names;
    }

    private static string Text(object? value) => value switch
    {
        null => "NULL",
        byte[] blob => Blob(blob),
        string text => NameText.Escape(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Text that needs no escape as it is, everything else as SQL writes a blob.</summary>
    private static string Blob(byte[] blob)
    {
        string text = NameText.Escape(blob);
        return text.Contains('\\', StringComparison.Ordinal) ? $"x'{Convert.ToHexStringLower(blob)}'" : text;
    }
}
