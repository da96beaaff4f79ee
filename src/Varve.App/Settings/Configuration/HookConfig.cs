namespace Varve.App.Settings.Configuration;

/// <summary>Commands that are run around a backup or an archive, in the order of the file.</summary>
internal sealed record HookConfig
{
    internal static readonly HookConfig None = new();

    private static readonly TimeSpan s_limit = TimeSpan.FromHours(1);

    /// <summary>Before anything is done; the first that fails keeps it from being done.</summary>
    internal IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>When all is over, whatever came of it.</summary>
    internal IReadOnlyList<string> After { get; init; } = [];

    /// <summary>When all went well.</summary>
    internal IReadOnlyList<string> OnSuccess { get; init; } = [];

    /// <summary>When anything did not.</summary>
    internal IReadOnlyList<string> OnFailure { get; init; } = [];

    /// <summary>How long each may take.</summary>
    internal TimeSpan TimeLimit { get; init; } = s_limit;

    /// <summary>There is none.</summary>
    internal bool IsEmpty => Before.Count + After.Count + OnSuccess.Count + OnFailure.Count == 0;

    /// <summary>When there are any, in the words of the configuration.</summary>
    internal IEnumerable<string> Moments
    {
        get
        {
            if (Before.Count > 0) { yield return ConfigKeys.Before; }
            if (OnSuccess.Count > 0) { yield return ConfigKeys.OnSuccess; }
            if (OnFailure.Count > 0) { yield return ConfigKeys.OnFailure; }
            if (After.Count > 0) { yield return ConfigKeys.After; }
        }
    }
}
