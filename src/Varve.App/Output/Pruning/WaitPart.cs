using Varve.Maintain.Prune;

namespace Varve.App.Output.Pruning;

/// <summary>Somebody whom a prune waits for.</summary>
internal sealed class WaitPart(PruneWait wait)
{
    public string Session => wait.Session;
    public string Kind => wait.Kind;
    public string Host => wait.Host;
    public long ProcessId => wait.ProcessId;
    public string Started => wait.Started;
    public double ExpiresIn => Math.Max(0, wait.ExpiresIn.TotalSeconds);

    /// <summary>In a line.</summary>
    internal string Line()
    {
        string who = Kind switch { "writer" => "a backup", "prune" => "a prune", _ => "somebody" };
        string where = Host.Length == 0 ? "" : $" on {NameText.Printable(Host)}, process {ProcessId}";
        string since = Started.Length == 0 ? "" : $", since {NameText.Printable(Started)}";
        return $"{who}{where}{since}; without a sign of life for {Human.Duration(wait.ExpiresIn)} more nobody waits for it";
    }
}
