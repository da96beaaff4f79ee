using System.Text;

namespace Varve.App.Settings.Reference;

/// <summary>A manual page in the man macros of roff.</summary>
internal sealed class ManText
{
    private readonly StringBuilder _text = new();

    internal ManText(string title, string summary)
    {
        _text.Append(".\\\" Made by 'varve reference man'.\n");
        _text.Append(".TH ").Append(Escape(title.ToUpperInvariant())).Append(" 1 \"\" varve \"Varve manual\"\n.nh\n.ad l\n");
        Section("Name");
        Text($"{title} \\- {Escape(summary)}", escaped: true);
    }

    internal void Section(string name) => _text.Append(".SH ").Append(Quoted(name.ToUpperInvariant())).Append('\n');

    internal void Paragraph(string text)
    {
        _text.Append(".PP\n");
        Text(text);
    }

    /// <summary>A line of its own in bold.</summary>
    internal void Synopsis(string bold, string rest)
    {
        _text.Append(".PP\n");
        Text($"\\fB{Escape(bold)}\\fR {Escape(rest)}".TrimEnd(), escaped: true);
    }

    /// <summary>What is explained, in bold with its value in italics, and below it the explanation.</summary>
    internal void Item(string bold, string? italic, string text)
    {
        _text.Append(".TP\n");
        Text($"\\fB{Escape(bold)}\\fR" + (italic is null ? "" : $" \\fI{Escape(italic)}\\fR"), escaped: true);
        Text(text);
    }

    /// <summary>Lines as they are.</summary>
    internal void Example(IEnumerable<string> lines)
    {
        _text.Append(".PP\n.nf\n.RS 4\n");
        foreach (string line in lines) { Text(line); }
        _text.Append(".RE\n.fi\n");
    }

    public override string ToString() => _text.ToString();

    private void Text(string text, bool escaped = false)
    {
        string line = escaped ? text : Escape(text);
        _text.Append(line.StartsWith('.') || line.StartsWith('\'') ? "\\&" : "").Append(line).Append('\n');
    }

    private static string Quoted(string text) => "\"" + Escape(text) + "\"";

    private static string Escape(string text) =>
        text.Replace(@"\", @"\e", StringComparison.Ordinal).Replace("-", @"\-", StringComparison.Ordinal)
        .Replace("'", @"\(aq", StringComparison.Ordinal).Replace("~", @"\(ti", StringComparison.Ordinal)
        .Replace("^", @"\(ha", StringComparison.Ordinal)
        .Replace("`", @"\(ga", StringComparison.Ordinal).Replace("\"", @"\(dq", StringComparison.Ordinal);
}
