using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.Archives.Lists;

namespace Varve.App.Settings.Resolved;

/// <summary>Which list a command line asks for.</summary>
internal static class ListRequest
{
    private static readonly Setting[] s_forPeople = [HistorySettings.Long, HistorySettings.Sums, HistorySettings.Pending];

    /// <summary>The format, or null if there is none.</summary>
    /// <exception cref="VarveException">Usage: it goes with something else that is asked for.</exception>
    internal static ListFormat? Format(SettingValues values, bool isJson)
    {
        if (values.FindValue(ListSettings.Format) is not { } format) { return null; }
        Refuse(values, isJson, ListSettings.Format);
        return values.Has(HistorySettings.Null) ? format with { IsNull = true } : format;
    }

    /// <summary>The format of a list of a live tree.</summary>
    /// <exception cref="VarveException">Usage: as <see cref="Format"/>.</exception>
    internal static ListFormat OfLive(SettingValues values, bool isJson)
    {
        Refuse(values, isJson, ListSettings.Live);
        bool isNull = values.Has(HistorySettings.Null);
        return Format(values, isJson) ?? new ListFormat(isNull ? ListLayout.Names : ListLayout.Find, isNull);
    }

    private static void Refuse(SettingValues values, bool isJson, Setting list)
    {
        string? other = isJson ? GlobalSettings.Json.Name : s_forPeople.FirstOrDefault(values.IsGiven)?.Name;
        if (other is null) { return; }
        throw new VarveException(
            ErrorKind.Usage, Subject.Request(other), $"does not go with {list.Name}, which prints a list", Advice.GiveOne);
    }
}
