using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Reference;

/// <summary>
/// The JSON schema of the configuration (draft 2020-12), made from the table. What it accepts the reader accepts, but for what a schema
/// cannot say: names that are there twice, names that nothing has, roots outside of their source. docs/config.schema.json is the same text.
/// </summary>
internal static class ConfigSchema
{
    private const string Size = "^[0-9]+(\\.[0-9]+)?([KkMmGgTt]([Ii]?[Bb])?|[Bb])?$";

    internal static string Text()
    {
        JsonObject top = Of(ConfigKeys.Rules);
        top[ConfigKeys.Retention] = Retention();
        top[ConfigKeys.Hooks] = Hooks("What is run around each backup");
        top[ConfigKeys.Notify] = List("Who is told when something goes wrong, and when it is well again", Notify());
        top[WatchSettings.AlertAfter.Key!] = Span("How old the last good backup of a source may become");
        Schedule(top);
        top[ConfigKeys.Daemon] = Daemon();
        top[ConfigKeys.Server] = ServerSchema.Of();
        top[ConfigKeys.Host] = Value(BackupSettings.Host);
        top[ConfigKeys.Repository] = Filled("The repository that is meant when nobody names one: a name, or a place");
        top[ConfigKeys.Repositories] = List("Repositories, for 'varve -r NAME'", Repository());
        top[ConfigKeys.Sources] = List("What is backed up when no PATH is given", Source());
        top[ConfigKeys.Profiles] = List("Settings that are chosen together, by 'varve --profile NAME'", Profile());
        JsonObject schema = Mapping("Configuration of varve", top);
        schema["not"] = Both(WatchSettings.Every, WatchSettings.Cron);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        using var text = new MemoryStream();
        // Not for a web page: quotes may stand as they are.
        using (var writer = new Utf8JsonWriter(text, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            schema.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static JsonObject Repository()
    {
        JsonObject keys = new() { [ConfigKeys.Name] = Filled("For -r") };
        keys[ConfigKeys.Name]!["pattern"] = "^[^~/:][^/:]*$";
        keys[ConfigKeys.Address] = Filled("Where it is");
        foreach (Setting setting in ConfigKeys.OpeningSettings) { keys[setting.Key!] = Value(setting); }
        keys[GlobalSettings.WaitForStore.Key!]!["pattern"] = Spans.Pattern;
        JsonObject repository = Mapping("A repository", keys, ConfigKeys.Name, ConfigKeys.Address);
        string[] ways = [GlobalSettings.KeyFile.Key!, GlobalSettings.PasswordFile.Key!, GlobalSettings.PasswordCommand.Key!];
        var none = new JsonArray();
        foreach ((string one, string other) in ((string, string)[])[(ways[0], ways[1]), (ways[0], ways[2]), (ways[1], ways[2])])
        {
            none.Add((JsonNode)new JsonObject { ["required"] = new JsonArray(one, other) });
        }

        repository["not"] = new JsonObject { ["anyOf"] = none };
        return repository;
    }

    private static JsonObject Source()
    {
        JsonObject keys = Of(ConfigKeys.Settings);
        JsonObject root = Mapping("A root, and more of it", new JsonObject
        {
            [ConfigKeys.Path] = Filled("Where it lies"),
            [BackupSettings.As.Key!] = Filled("What it stands for"),
            [ConfigKeys.Removable] = new JsonObject
            {
                ["description"] = "It may be missing; or the id of its file system",
                ["type"] = new JsonArray("boolean", "string"), ["minLength"] = 1,
            },
        }, ConfigKeys.Path);
        keys[ConfigKeys.Roots] = List("Where it lies", new JsonObject { ["anyOf"] = new JsonArray(Filled("A path"), root) });
        keys[ConfigKeys.Roots]!["minItems"] = 1;
        keys[ConfigKeys.Retention] = Retention();
        keys[ConfigKeys.Hooks] = Hooks("What is run around a backup of it");
        keys[WatchSettings.AlertAfter.Key!] = Span("How old its last good backup may become");
        keys[ConfigKeys.Ping] = Url("A URL that hears of each run of the daemon");
        Schedule(keys);
        foreach (Setting setting in (Setting[])[.. WatchSettings.Continuity, .. WatchSettings.Targets]) { keys[setting.Key!] = Value(setting); }
        keys[WatchSettings.Settle.Key!]!["pattern"] = Spans.Pattern;
        keys[WatchSettings.AtMost.Key!]!["pattern"] = Spans.RatePattern;
        JsonObject source = Mapping("A source", keys, BackupSettings.Source.Key!, ConfigKeys.Roots);
        source["not"] = new JsonObject
        {
            ["anyOf"] = new JsonArray(Both(WatchSettings.Every, WatchSettings.Cron), Both(WatchSettings.To, WatchSettings.Archive),
                Both(WatchSettings.Continuous, WatchSettings.Archive)),
        };
        source["dependentRequired"] = new JsonObject
        {
            [WatchSettings.Keep.Key!] = new JsonArray(WatchSettings.Archive.Key!),
            [WatchSettings.Settle.Key!] = new JsonArray(WatchSettings.Continuous.Key!),
            [WatchSettings.AtMost.Key!] = new JsonArray(WatchSettings.Continuous.Key!),
        };
        return source;
    }

    private static JsonObject Retention()
    {
        JsonObject keys = Of(RetentionSettings.Rules);
        foreach ((Setting setting, _) in RetentionSettings.Counts)
        {
            keys[setting.Key!] = Described(setting.Help, "integer");
            keys[setting.Key!]!["type"] = new JsonArray("integer", "string");
            keys[setting.Key!]!["minimum"] = -1;
            keys[setting.Key!]!["pattern"] = $"^([0-9]+|-1|{KeepValues.Unlimited})$";
        }

        foreach ((Setting setting, _) in RetentionSettings.Reaches)
        {
            keys[setting.Key!]!["pattern"] = "^([0-9]+y)?([0-9]+m)?([0-9]+w)?([0-9]+d)?([0-9]+h)?$";
        }

        JsonObject retention = Mapping("Which snapshots 'varve forget' keeps", keys);
        retention["minProperties"] = 1;
        return retention;
    }

    private static JsonObject Hooks(string description)
    {
        var keys = new JsonObject();
        foreach ((string key, string when) in ((string, string)[])[(ConfigKeys.Before, "Before it; if one fails, nothing is done"),
            (ConfigKeys.OnSuccess, "When all went well"), (ConfigKeys.OnFailure, "When anything did not"),
            (ConfigKeys.After, "When it is over, whatever came of it")])
        {
            keys[key] = List(when, Filled("A shell command"));
        }

        keys[ConfigKeys.TimeLimit] = Span("How long each may take: 10m; 1h if nothing is said");
        return Mapping(description, keys);
    }

    private static JsonObject Notify()
    {
        var keys = new JsonObject
        {
            [ConfigKeys.Command] = Filled("A shell command"), [ConfigKeys.Mail] = Filled("An address, for sendmail"),
            [ConfigKeys.Webhook] = Url("A URL that a JSON object is posted to"), [ConfigKeys.From] = Filled("The sender of mail"),
        };
        foreach (string key in (string[])[ConfigKeys.Mail, ConfigKeys.From]) { keys[key]!["pattern"] = "^[^-\\s,;<>][^\\s,;<>]*$"; }
        JsonObject notify = Mapping("Somebody who is told", keys);
        notify["oneOf"] = new JsonArray(
            [.. ConfigKeys.NotifyKinds.Select(static k => (JsonNode)new JsonObject { ["required"] = new JsonArray(k) })]);
        notify["dependentRequired"] = new JsonObject { [ConfigKeys.From] = new JsonArray(ConfigKeys.Mail) };
        return notify;
    }

    private static JsonObject Span(string description)
    {
        JsonObject span = Filled(description);
        span["pattern"] = Spans.Pattern;
        return span;
    }

    private static JsonObject Url(string description)
    {
        JsonObject url = Filled(description);
        url["pattern"] = "^https?://";
        return url;
    }

    private static void Schedule(JsonObject keys)
    {
        foreach (Setting setting in WatchSettings.Schedule) { keys[setting.Key!] = Value(setting); }
        keys[WatchSettings.Every.Key!]!["pattern"] = Spans.Pattern;
        keys[WatchSettings.Cron.Key!]!["pattern"] = CronText.Pattern;
        keys[WatchSettings.Window.Key!]!["pattern"] = TimeWindow.Pattern;
    }

    private static JsonObject Task(string description, params ReadOnlySpan<Setting> more)
    {
        var keys = new JsonObject();
        Schedule(keys);
        foreach (Setting setting in more)
        {
            keys[setting.Key!] = Value(setting);
            keys[setting.Key!]!["pattern"] = Spans.Pattern;
        }

        JsonObject task = Mapping(description, keys);
        var ways = new JsonArray();
        foreach (Setting way in (Setting[])[WatchSettings.Every, WatchSettings.Cron])
        {
            ways.Add((JsonNode)new JsonObject { ["required"] = new JsonArray(way.Key!) });
        }

        task["oneOf"] = ways;
        return task;
    }

    private static JsonObject Daemon()
    {
        JsonObject keys = Of(DaemonSettings.Configured);
        keys[ConfigKeys.Forget] = Task("When 'varve forget' runs in each repository");
        keys[ConfigKeys.Prune] = Task("When 'varve prune' runs in each repository");
        keys[ConfigKeys.Check] = Task("When 'varve check' runs in each repository", DaemonSettings.AllDataIn);
        JsonObject drill = Task("When 'varve verify --drill' runs in each repository");
        foreach (Setting setting in (Setting[])[RepositorySettings.DrillFiles, RepositorySettings.DrillSize])
        {
            drill["properties"]![setting.Key!] = Value(setting);
        }

        keys[ConfigKeys.Drill] = drill;
        keys[ConfigKeys.Ping] = Url("A URL that hears each hour whether all is well");
        keys[ConfigKeys.MetricsFile] = Filled("A file of metrics, for node_exporter's textfile collector");
        return Mapping("What 'varve daemon' does besides, and how", keys);
    }

    private static JsonObject Both(Setting one, Setting other) => new() { ["required"] = new JsonArray(one.Key!, other.Key!) };

    private static JsonObject Profile()
    {
        JsonObject keys = Of(ConfigKeys.Rules);
        keys[ConfigKeys.Name] = Filled("For --profile");
        keys[ConfigKeys.Repository] = Filled("The repository it works with: a name, or a place");
        keys[ConfigKeys.Sources] = List("The sources that are backed up", Filled("The name of a source"));
        return Mapping("A profile", keys, ConfigKeys.Name);
    }

    private static JsonObject Of(IReadOnlyList<Setting> settings)
    {
        var keys = new JsonObject();
        foreach (Setting setting in settings) { keys[setting.Key!] = Value(setting); }
        return keys;
    }

    internal static JsonObject Value(Setting setting)
    {
        if (setting.IsRepeated)
        {
            JsonObject item = Filled("");
            if (setting == BackupSettings.Map) { item["pattern"] = "="; }
            return List(setting.Help, item);
        }

        JsonObject value = Filled(setting.Help);
        switch (setting)
        {
            case FlagSetting:
                value = Described(setting.Help, "boolean");
                break;
            case ValueSetting<long>:
                value.Remove("minLength");
                value["type"] = new JsonArray("integer", "string");
                value["minimum"] = 1;
                value["pattern"] = Size;
                break;
            case ValueSetting<int> { Range: { } range }:
                value = Described(setting.Help, "integer");
                value["minimum"] = range.Start.Value;
                value["maximum"] = range.End.Value;
                break;
        }

        if (setting.Words.Count > 0)
        {
            value.Remove("minLength");
            value["enum"] = new JsonArray([.. setting.Words.Select(static w => (JsonNode)w)]);
        }

        return value;
    }

    internal static JsonObject Filled(string description)
    {
        JsonObject value = Described(description, "string");
        value["minLength"] = 1;
        return value;
    }

    internal static JsonObject List(string description, JsonObject items)
    {
        JsonObject list = Described(description, "array");
        list["items"] = items;
        return list;
    }

    internal static JsonObject Mapping(string description, JsonObject keys, params string[] required)
    {
        JsonObject mapping = Described(description, "object");
        mapping["properties"] = keys;
        mapping["additionalProperties"] = false;
        if (required.Length > 0) { mapping["required"] = new JsonArray([.. required.Select(static r => (JsonNode)r)]); }
        return mapping;
    }

    internal static JsonObject Described(string description, string type) =>
        description.Length == 0 ? new JsonObject { ["type"] = type } : new JsonObject { ["description"] = description, ["type"] = type };
}
