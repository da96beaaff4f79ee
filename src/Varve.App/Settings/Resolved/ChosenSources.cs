using Varve.App.Settings.Configuration;

namespace Varve.App.Settings.Resolved;

/// <summary>
/// Which sources of a configuration are meant where no path is given: the one that is named, or else those of the profile, or else all.
/// </summary>
/// <param name="Sources">Those that can be backed up, in the order of the file.</param>
/// <param name="Wrong">Those that something is wrong with.</param>
internal sealed record ChosenSources(
    IReadOnlyList<SourceConfig> Sources, IReadOnlyList<(string? Name, VarveException Error)> Wrong)
{
    /// <summary>Chooses.</summary>
    internal static ChosenSources Of(ConfigFile config, ProfileConfig? profile, string? named)
    {
        return new ChosenSources([.. config.Sources.Where(s => IsMeant(s.Name))], [.. config.Wrong.Where(w => IsMeant(w.Name))]);

        bool IsMeant(string? name) =>
            named is not null ? name == named : profile?.Sources is not { } sources || (name is not null && sources.Contains(name));
    }
}
