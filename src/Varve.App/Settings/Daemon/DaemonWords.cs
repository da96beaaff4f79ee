namespace Varve.App.Settings.Daemon;

/// <summary>The words of closed sets that the daemon's settings have.</summary>
internal static class DaemonWords
{
    internal static readonly IReadOnlyList<string> Battery = ["run", "wait"];
    internal static readonly IReadOnlyList<string> Priorities = ["low", "normal"];

    internal static WhenOnBattery ParseBattery(string text, string origin) => text switch
    {
        "run" => WhenOnBattery.Run,
        "wait" => WhenOnBattery.Wait,
        _ => throw Wrong(origin, text, Battery),
    };

    internal static RunPriority ParsePriority(string text, string origin) => text switch
    {
        "low" => RunPriority.Low,
        "normal" => RunPriority.Normal,
        _ => throw Wrong(origin, text, Priorities),
    };

    private static VarveException Wrong(string origin, string text, IReadOnlyList<string> words) =>
        new(ErrorKind.Usage, Subject.Request(origin), $"wants {string.Join(" or ", words)}, not '{text}'");
}
