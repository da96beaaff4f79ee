using Varve.App.Settings.Configuration;

namespace Varve.App.Hooks;

/// <summary>When hooks are run, in the words of the configuration; and how a run ended, in those that hooks are told.</summary>
internal static class HookMoments
{
    internal const string Before = ConfigKeys.Before, OnSuccess = ConfigKeys.OnSuccess, OnFailure = ConfigKeys.OnFailure,
        After = ConfigKeys.After;

    internal const string Good = "good", Incomplete = "incomplete", Failed = "failed", Prevented = "prevented", Interrupted = "interrupted";
}
