using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>Which source is meant, wherever one is; and <c>varve source</c>.</summary>
internal static class SourceSettings
{
    internal static readonly ValueSetting<string> Source = new()
    {
        Name = "--source", ValueName = "NAME", Help = "Only this source: its name, its root, or the first digits of its id",
        Completes = Completes.Sources, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Host = new()
    {
        Name = "--host", ValueName = "HOST", Help = "Only the sources of this host", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> HostOfLatest = new()
    {
        Name = "--host", ValueName = "HOST", Help = "Only the sources of this host", Default = "this one, if it has such a source",
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Writer = new()
    {
        Name = "--writer", ValueName = "KEY",
        Help = "Only as the key recorded them whose label that is, or whose writer's id begins so; 'nobody' for what no key signed",
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> NewWriter = new()
    {
        Name = "--to-writer", ValueName = "KEY",
        Help = "The key that goes on with it: its label, or the first digits of its writer's id; it has made a snapshot already",
        Default = "the key in use", Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting LaterToo = new()
    {
        Name = "--later-too",
        Help = "What the other key saves from now on belongs to the history as well, so whoever has that key can add to it",
    };

    internal static readonly FlagSetting Undo = new()
    {
        Name = "--undo", Help = "Take back the last adoption by SOURCE: what it took over is a source of its own again",
    };

    internal static readonly Positional Which = new()
    {
        Name = "SOURCE", Help = "Its name, its root, or the first digits of its id, as 'varve source list' shows them",
        Completes = Completes.Sources,
    };

    internal static readonly Positional NewName = new() { Name = "NAME", Help = "What it is called from now on" };

    internal static readonly Positional Place = new()
    {
        Name = "PATH", Help = "The root that its history goes on at, on this host", Default = "the root it has",
        Presence = Presence.Optional, Completes = Completes.Directories,
    };

    internal static readonly CommandSpec List = new()
    {
        Path = "source list",
        Help = "List the sources: a host's directory or file, with all snapshots of it.",
        Examples = ["varve source list", "varve source list --host laptop --json"],
        Settings = [Source, Host, Writer],
    };

    internal static readonly CommandSpec Rename = new()
    {
        Path = "source rename",
        Help = "Give a source another name. What is still saved under the former name belongs to it all the same.",
        Examples = ["varve source rename Documents papers"],
        Arguments = [Which, NewName],
        Settings = [HostOfLatest, Writer],
    };

    internal static readonly CommandSpec Adopt = new()
    {
        Path = "source adopt",
        Help = "Go on with the history of SOURCE at PATH on this host: after the machine was renamed or replaced, its key was changed, or the root was moved. "
            + "No snapshot changes. What another key recorded is taken over as it is now.",
        Examples = ["varve source adopt Documents --host old-laptop", "varve source adopt /home/me/Documents /data/Documents",
            "varve source adopt Documents --writer 'old key'", "varve source adopt Documents --undo"],
        Arguments = [Which, Place],
        Settings = [Host, Writer, NewWriter, LaterToo, Undo],
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "source",
        Help = "List sources, rename one, or go on with the history of one elsewhere.",
        Examples = ["varve source list", "varve source adopt Documents --host old-laptop"],
        Commands = [List, Rename, Adopt],
    };
}
