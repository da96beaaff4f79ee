namespace Varve.App.Output.Daemon;

/// <summary>The words for how something that the daemon does stands. By hand: they are a contract.</summary>
internal static class JobStates
{
    /// <summary>It was not done yet.</summary>
    internal const string New = "new";

    /// <summary>It is being done.</summary>
    internal const string Running = "running";

    /// <summary>The last time all was well.</summary>
    internal const string Good = "good";

    /// <summary>The last time it was done, but some paths could not be saved.</summary>
    internal const string Incomplete = "incomplete";

    /// <summary>The last time it failed, and it is tried again soon.</summary>
    internal const string Retrying = "retrying";

    /// <summary>The last time it failed; it comes again as scheduled.</summary>
    internal const string Failed = "failed";

    /// <summary>Nothing of it begins.</summary>
    internal const string Paused = "paused";

    /// <summary>What is said of it makes no sense.</summary>
    internal const string Wrong = "wrong";
}
