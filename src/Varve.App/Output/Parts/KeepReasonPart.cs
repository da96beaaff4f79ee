using System.Text.Json.Serialization;
using Varve.Maintain.Retention;

namespace Varve.App.Output.Parts;

/// <summary>Why a snapshot is kept.</summary>
internal sealed class KeepReasonPart(KeepReason reason)
{
    public string Rule => reason.Rule switch
    {
        KeepRule.Last => "last",
        KeepRule.Hourly => "hourly",
        KeepRule.Daily => "daily",
        KeepRule.Weekly => "weekly",
        KeepRule.Monthly => "monthly",
        KeepRule.Yearly => "yearly",
        KeepRule.Within => "within",
        KeepRule.WithinHourly => "withinHourly",
        KeepRule.WithinDaily => "withinDaily",
        KeepRule.WithinWeekly => "withinWeekly",
        KeepRule.WithinMonthly => "withinMonthly",
        KeepRule.WithinYearly => "withinYearly",
        KeepRule.Tag => "tag",
        KeepRule.First => "first",
        KeepRule.Pinned => "pinned",
        KeepRule.Future => "future",
        KeepRule.Undecided => "undecided",
        KeepRule.Unfinished => "unfinished",
        _ => "foreign",
    };
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tag => reason.Tag;

    /// <summary>The same for people.</summary>
    internal string Words => reason.Rule switch
    {
        KeepRule.Tag => "tag " + NameText.Escape(reason.Tag!),
        KeepRule.Future => "begins in the future",
        KeepRule.Unfinished => "partial, and none whole is newer",
        KeepRule.Foreign => "recorded by another key",
        KeepRule.WithinHourly => "within, hourly",
        KeepRule.WithinDaily => "within, daily",
        KeepRule.WithinWeekly => "within, weekly",
        KeepRule.WithinMonthly => "within, monthly",
        KeepRule.WithinYearly => "within, yearly",
        _ => Rule,
    };
}
