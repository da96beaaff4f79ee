using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.Platform;

namespace Varve.App.Output;

/// <summary>
/// Commands for hints: they are about the repository that the command was about, and opened as it was. So what was typed for that is in
/// them; what the environment says holds for them as it is.
/// </summary>
/// <param name="options">
/// The global options with a value, as typed: <c>-r /mnt/disk</c>. Without a slot, which may be what is wrong.
/// </param>
/// <param name="repository">The repository's path.</param>
/// <param name="user">Who runs the program.</param>
internal sealed class NextCommand(IReadOnlyList<string> options, string repository = "", string user = "root")
{
    private const string Option = "-r";

    /// <summary>For commands that need no repository.</summary>
    internal static readonly NextCommand Plain = new([]);

    /// <summary>
    /// For what follows on a command line; <paramref name="resolved"/> is the repository it works with, if that is known by now.
    /// </summary>
    internal static NextCommand After(SettingValues values, Func<string, string?> environment, string? resolved = null)
    {
        var options = new List<string>();
        foreach (Setting setting in GlobalSettings.All)
        {
            if (setting == GlobalSettings.KeySlot || values.Text(setting) is not { } text) { continue; }
            options.AddRange([setting.Alias ?? setting.Name, text]);
        }

        string repository = resolved ?? values.Text(GlobalSettings.Repository) ?? environment(GlobalSettings.Repository.Variable!)
            ?? GlobalOptions.DefaultIn(environment, "XDG_DATA_HOME", ".local/share", "repository") ?? "";
        string user = Environment.UserName is { Length: > 0 } name ? name
            : Posix.EffectiveUser().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new NextCommand(options, repository, user);
    }

    /// <summary>The repository's path.</summary>
    internal string Repository => repository;

    /// <summary>Who runs the program.</summary>
    internal string User => user;

    /// <summary>The program with these words, to be copied.</summary>
    internal string Of(params string[] words) => CommandText.Of([.. words, .. options]);

    /// <summary>The same with another repository.</summary>
    internal string At(string place, params string[] words)
    {
        List<string> others = [.. options];
        int at = others.IndexOf(Option);
        if (at >= 0) { others.RemoveRange(at, 2); }
        return CommandText.Of([.. words, Option, place, .. others]);
    }
}
