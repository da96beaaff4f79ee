using System.Globalization;
using Varve.Archives.Foreign;
using Varve.Archives.Plan;

namespace Varve.App.Settings.Values;

/// <summary>The words of plans.</summary>
internal static class PlanWords
{
    /// <summary>Formats that a plan prints.</summary>
    internal static readonly IReadOnlyList<string> Formats = PlanFormat.Words;

    /// <summary>Formats of what was saved.</summary>
    internal static readonly IReadOnlyList<string> SavedFormats = Archives.Foreign.SavedFormat.Words;

    /// <summary>Orders.</summary>
    internal static readonly IReadOnlyList<string> Orders = ["newest", "oldest", "name", "size"];

    /// <summary>The format of a word.</summary>
    internal static PlanFormat Format(string text, string origin) => PlanFormat.Find(text) ?? throw None(origin, Formats);

    /// <summary>The format of a word.</summary>
    internal static SavedFormat SavedFormat(string text, string origin) =>
        Archives.Foreign.SavedFormat.Find(text) ?? throw None(origin, SavedFormats);

    /// <summary>The order of a word.</summary>
    internal static PlanOrder Order(string text, string origin) => text switch
    {
        "newest" => PlanOrder.Newest,
        "oldest" => PlanOrder.Oldest,
        "name" => PlanOrder.Name,
        "size" => PlanOrder.Largest,
        _ => throw None(origin, Orders),
    };

    /// <summary>Seconds, with a fraction or without and an s behind them or not, in nanoseconds; a day at most.</summary>
    internal static long Seconds(string text, string origin) =>
        decimal.TryParse(text.EndsWith('s') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out decimal seconds) && seconds <= 86_400 ? (long)(seconds * 1_000_000_000)
        : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be seconds, such as 2 or 0.5, and not '{text}'");

    private static VarveException None(string origin, IReadOnlyList<string> words) =>
        new(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", words)}");
}
