using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Daemon;

/// <summary>What became of the unit by which systemd runs the daemon, or how it is.</summary>
internal sealed class UnitReport : IReport<UnitReport>
{
    static JsonTypeInfo<UnitReport> IReport<UnitReport>.Shape => DaemonShapes.Default.UnitReport;

    public required string Unit { get; init; }
    public required string Manager { get; init; }
    public bool Installed { get; init; }

    /// <summary>As systemd says it: active, inactive, failed; null if it cannot be asked.</summary>
    public string? Active { get; init; }
    public string? Enabled { get; init; }
    public IReadOnlyList<string> Notes { get; init; } = [];

    public void Print(Page page)
    {
        page.Done($"{NameText.Escape(Unit)}: {(Installed ? "installed" : "not installed")}"
            + (Active is null ? "" : $", {NameText.Escape(Active)}") + (Enabled is null ? "" : $", {NameText.Escape(Enabled)}"));
        foreach (string note in Notes) { page.Remark(note); }
    }
}
