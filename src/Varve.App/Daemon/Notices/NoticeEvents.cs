namespace Varve.App.Daemon.Notices;

/// <summary>What people are told, as it is spelled for programs. By hand: the words are a contract.</summary>
internal static class NoticeEvents
{
    /// <summary>It went wrong for the first time.</summary>
    internal const string Failure = "failure";

    /// <summary>Some paths could not be saved, or a command that runs afterwards failed, for the first time.</summary>
    internal const string Incomplete = "incomplete";

    /// <summary>The last good backup is too old.</summary>
    internal const string Alert = "alert";

    /// <summary>All is well again.</summary>
    internal const string Recovery = "recovery";
}
