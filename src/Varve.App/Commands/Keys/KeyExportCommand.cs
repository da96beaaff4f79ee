using System.Text;
using Varve.App.Invocation;
using Varve.App.Output.Paper;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Keys;

namespace Varve.App.Commands.Keys;

/// <summary><c>varve key export</c>: the secrets as text and QR code, for paper.</summary>
internal static class KeyExportCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        KeyLevel level = values.Get(KeySettings.Level, KeyLevel.Full);
        string? output = values.Find(KeySettings.Output) is { } path ? Texts.FullPath(path, KeySettings.Output.Name) : null;
        using Repository repository = context.Open();
        using PaperKey key = repository.ExportKey(level);
        var sheet = new PaperSheet(key, context.Today);
        if (output is null) { return context.Conclude(new KeyExportedReport(key, sheet.Text(context.Drawing)), Outcome.Done); }
        bool page = output.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
        SecretFile.Write(output, Subject.Path(output), Encoding.UTF8.GetBytes(page ? PaperPage.Of(sheet) : sheet.Text(PaperDrawing.Plain)));
        return context.Conclude(KeyExportedReport.Written(key, output), Outcome.Done);
    }
}
