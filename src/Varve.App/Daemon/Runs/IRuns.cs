using Varve.App.Daemon.Watch;

namespace Varve.App.Daemon.Runs;

/// <summary>Begins runs, and finds those that another daemon began. Used by the loop's thread alone.</summary>
internal interface IRuns
{
    /// <summary>Nothing that an earlier run of the job printed is there any more.</summary>
    void Clear(Job job);

    /// <summary>Begins one. <paramref name="ended"/> is called, on any thread, when it is over.</summary>
    /// <exception cref="VarveException">It cannot be begun.</exception>
    IRun Begin(Job job, IReadOnlyList<string> more, Action ended);

    /// <summary>One that was begun before this daemon, over or not.</summary>
    IRun Adopt(Job job, RunData run, Action ended);
}
