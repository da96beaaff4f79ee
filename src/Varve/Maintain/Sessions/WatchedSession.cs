using Varve.Vault.Open;

namespace Varve.Maintain.Sessions;

/// <summary>A session, and what this machine has seen of it by its own count.</summary>
/// <param name="Facts">What it says.</param>
/// <param name="Unchanged">For how long its bytes were the same.</param>
/// <param name="Seen">For how long it has been there.</param>
internal sealed record WatchedSession(SessionFacts Facts, TimeSpan Unchanged, TimeSpan Seen)
{
    /// <summary>Whether it may be called expired: unchanged for twice its life, or there for as long as none should be.</summary>
    internal bool IsExpired => Unchanged >= 2 * Facts.Life || Seen >= Session.GreatestAge;

    /// <summary>How long it has to stay as it is until it may be called expired.</summary>
    internal TimeSpan Left
    {
        get
        {
            TimeSpan still = (2 * Facts.Life) - Unchanged, whole = Session.GreatestAge - Seen;
            return still < whole ? still : whole;
        }
    }
}
