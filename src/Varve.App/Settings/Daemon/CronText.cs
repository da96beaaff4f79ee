using System.Text.RegularExpressions;

namespace Varve.App.Settings.Daemon;

/// <summary>
/// The outer form of a cron expression. Whether its fields make sense is found out by what runs by it, since every command reads the
/// configuration, and only some have to do with schedules.
/// </summary>
internal static class CronText
{
    /// <summary>What a text must look like, for the schema of the configuration.</summary>
    internal const string Pattern = "^(@(hourly|daily|weekly|monthly|yearly)|[^ @]+( +[^ ]+){4})$";

    /// <summary>Five fields, or one of the words that stand for them.</summary>
    internal static string Parse(string text, string origin) =>
        Regex.IsMatch(text, Pattern, RegexOptions.None, TimeSpan.FromSeconds(1)) ? text
        : throw new VarveException(ErrorKind.Usage, Subject.Request(origin),
        $"is not of the form '0 3 * * *' (minute, hour, day, month, day of the week) or @daily: '{text}'");
}
