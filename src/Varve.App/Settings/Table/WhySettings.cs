using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve why</c>.</summary>
internal static class WhySettings
{
    internal static readonly Positional Paths = new()
    {
        Name = "PATH", Help = "A file or directory; it need not exist any more", Presence = Presence.Any, Completes = Completes.Files,
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "why",
        Help = "Say whether PATH is saved, since when it is as it is, and if it is not, why: which rule left it out, or what failed. "
            + "Exit code 1 if what is there now is not saved.",
        Examples = ["varve why ~/Documents/report.odt", "varve why build/ .cache", "varve why --json /srv/data/disk.img"],
        Arguments = [Paths],
        Settings = [SourceSettings.Source, SourceSettings.Host, SourceSettings.Writer],
    };
}
