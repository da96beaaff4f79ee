using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.History.Revisions;
using Varve.Platform;

namespace Varve.App.Settings.Resolved;

/// <summary>What a command line of <c>find</c> asks for.</summary>
/// <param name="Pattern">The glob.</param>
/// <param name="Conditions">What else.</param>
internal sealed record FindRequest(string Pattern, RevisionConditions Conditions)
{
    private const string Everything = "*";

    /// <summary>Resolves it.</summary>
    /// <exception cref="VarveException">Usage: a value makes no sense.</exception>
    internal static FindRequest Resolve(SettingValues values, Moments moments)
    {
        string? typed = values.Argument(FindSettings.Pattern) is null ? null : values.ArgumentText(FindSettings.Pattern, "the pattern");
        bool isRegex = values.Has(FindSettings.Regex);
        if (typed is null && !HasCondition(values))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Command(FindSettings.Command.Path),
                "there is nothing to look for: a PATTERN is missing, or an option that says what, such as --deleted", Advice.SeeHelp);
        }

        FileTime? Time(ValueSetting<string> setting) => Period.Moment(values, setting, moments);
        return new FindRequest(typed is null || isRegex ? Everything : Texts.FromHere(typed), new RevisionConditions
        {
            Path = isRegex ? Expression(typed ?? "", values.Has(FindSettings.IgnoreCase)) : null,
            Least = values.FindValue(FindSettings.Least), Most = values.FindValue(FindSettings.Most),
            Newer = Time(FindSettings.Newer)?.Plus(1), Older = Time(FindSettings.Older),
            Kinds = values.Find(FindSettings.Kind), Owner = values.Find(FindSettings.Owner) is { } owner ? Number(owner) : null,
            Since = Time(FindSettings.Since)?.Plus(1), Until = Time(FindSettings.Until), IsDeleted = values.Has(FindSettings.Deleted),
            SameAs = values.Find(FindSettings.SameAs),
        });
    }

    private static bool HasCondition(SettingValues values) => ((Setting[])
    [
        FindSettings.Newer, FindSettings.Older, FindSettings.Since, FindSettings.Until, FindSettings.Owner, FindSettings.Kind,
        FindSettings.Least, FindSettings.Most, FindSettings.SameAs, FindSettings.Deleted,
    ]).Any(values.IsGiven);

    /// <summary>A regular expression as somebody typed it.</summary>
    /// <exception cref="VarveException">Usage: it is none that can be used.</exception>
    internal static Regex Expression(string pattern, bool ignoreCase)
    {
        try
        {
            // Whatever somebody types, it takes time in proportion to the path.
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
                | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new VarveException(
                ErrorKind.Usage, Subject.Request($"'{pattern}'"), $"is no regular expression that can be used: {e.Message}");
        }
    }

    private static uint Number(string owner)
    {
        if (uint.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)) { return number; }
        return Posix.FindId(Encoding.UTF8.GetBytes(owner), group: false)
            ?? throw new VarveException(ErrorKind.Usage, Subject.Request($"'{owner}'"), "is no user of this machine; a number always is");
    }
}
