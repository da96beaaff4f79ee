using System.Globalization;

namespace Varve.App.Output;

/// <summary>Rows of a query: null, long, double, string or byte[] in each column.</summary>
internal static class SqlReport
{
    internal static void Header(TextOutput output, IReadOnlyList<string> columns)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            output.Write(i == 0 ? "" : "\t");
            output.Write(NameText.Escape(columns[i]));
        }

        output.WriteLine();
    }

    internal static void Line(TextOutput output, IReadOnlyList<object?> row)
    {
        for (int i = 0; i < row.Count; i++)
        {
            output.Write(i == 0 ? "" : "\t");
            output.Write(Text(row[i]));
        }

        output.WriteLine();
    }

    /// <summary>One object, members named by the columns (docs/json.md, sql).</summary>
    internal static void Json(JsonOutput output, IReadOnlyList<string> names, IReadOnlyList<object?> row) =>
        output.Object((names, row), static (json, s) =>
        {
            for (int i = 0; i < s.row.Count; i++)
            {
                string name = s.names[i];
                switch (s.row[i])
                {
                    case null: json.WriteNull(name); break;
                    case long number: json.WriteNumber(name, number); break;
                    case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
                    case byte[] blob:
                        json.WriteStartObject(name);
                        json.WriteBase64String("base64", blob);
                        json.WriteEndObject();
                        break;
                    case var other: json.WriteString(name, Convert.ToString(other, CultureInfo.InvariantCulture)); break;
                }
            }
        });

    /// <summary>The names made distinct: a second "n" becomes "n:2".</summary>
    internal static IReadOnlyList<string> Distinct(IReadOnlyList<string> columns)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = new string[columns.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = columns[i];
            for (int n = 2; !seen.Add(names[i]); n++)
            {
                names[i] = $"{columns[i]}:{n}";
            }
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
