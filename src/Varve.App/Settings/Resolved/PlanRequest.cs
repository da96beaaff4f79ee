using System.Globalization;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.Archives.Plan;
using Varve.Model.Rules;

namespace Varve.App.Settings.Resolved;

/// <summary>What a command line of <c>plan</c> asks for, besides what goes into it.</summary>
internal sealed class PlanRequest
{
    private IReadOnlyList<(int Input, string Rule)> _map = [], _savedMap = [];

    /// <summary>How, but for what the machine gives.</summary>
    internal required PlanOptions Options { get; init; }

    /// <summary>What is printed.</summary>
    internal required PlanFormat Format { get; init; }

    /// <summary>Where it goes; null: standard output.</summary>
    internal string? Output { get; init; }

    /// <summary>Where duplicates go; null: nowhere.</summary>
    internal string? Duplicates { get; init; }

    /// <summary>Resolves it.</summary>
    /// <exception cref="VarveException">Usage: a value makes no sense, or goes with no other.</exception>
    internal static PlanRequest Resolve(SettingValues values, bool isJson)
    {
        bool isNothing = !values.IsGiven(PlanSettings.Live) && !values.IsGiven(PlanSettings.Lists);
        if (isNothing) { throw LineErrors.Of(PlanSettings.Command, "nothing is there: --live or --listed is missing"); }
        string? output = values.Find(PlanSettings.Output);
        if (output is null && values.IsGiven(PlanSettings.Volumes)) { throw LineErrors.Of(PlanSettings.Command, "--volumes needs --output"); }
        if (output is null && isJson) { throw LineErrors.Of(PlanSettings.Command, "--json prints what it comes to, and needs --output for the list"); }
        var request = new PlanRequest
        {
            Options = new PlanOptions
            {
                Tolerance = values.Get(PlanSettings.Tolerance, 0), Order = values.Get(PlanSettings.Order, PlanOrder.Newest),
                KeepTogether = values.Has(PlanSettings.KeepTogether), Budget = values.FindValue(PlanSettings.Budget),
                VolumeSize = values.FindValue(PlanSettings.Volumes), Sort = "", Directory = "",
            },
            Format = values.Get(PlanSettings.Format, PlanFormat.Find("plan")!.Value), Output = output,
            Duplicates = values.Find(PlanSettings.Duplicates),
        };
        int inputs = values.All(PlanSettings.Live).Length + values.All(PlanSettings.Lists).Length;
        int saved = values.All(PlanSettings.Saved).Length + values.All(PlanSettings.SavedSnapshot).Length;
        request._map = Rules(values, PlanSettings.Map, inputs);
        request._savedMap = Rules(values, PlanSettings.SavedMap, saved);
        return request;
    }

    /// <summary>The mapping of an input, from 1.</summary>
    internal PathMapping Mapping(int input) => Of(_map, input);

    /// <summary>The mapping of what was saved, from 1.</summary>
    internal PathMapping SavedMapping(int input) => Of(_savedMap, input);

    private static PathMapping Of(IReadOnlyList<(int Input, string Rule)> rules, int input) =>
        new(rules.Where(r => r.Input == 0 || r.Input == input).Select(static r => r.Rule));

    private static (int Input, string Rule)[] Rules(SettingValues values, ValueSetting<string> setting, int inputs)
    {
        (int Input, string Rule)[] rules = [.. values.All(setting).Select(Numbered)];
        foreach ((int input, string rule) in rules)
        {
            _ = new PathMapping([rule]); // what makes no sense is said before anything is read
            if (input > inputs)
            {
                throw new VarveException(ErrorKind.Usage, Subject.Request(setting.Name),
                    string.Create(CultureInfo.InvariantCulture, $"is for input {input}, and there are {inputs}"));
            }
        }

        return rules;
    }

    private static (int Input, string Rule) Numbered(string rule)
    {
        int colon = rule.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(rule.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int input) && input > 0
            ? (input, rule[(colon + 1)..]) : (0, rule);
    }
}
