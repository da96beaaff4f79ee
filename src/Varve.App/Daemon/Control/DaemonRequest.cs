using Varve.App.Output.Daemon;

namespace Varve.App.Daemon.Control;

/// <summary>What somebody wants of the daemon.</summary>
/// <param name="Verb">One of <see cref="ControlVerbs"/>.</param>
/// <param name="Name">The job that it is about; null: all, or none.</param>
internal sealed record DaemonRequest(string Verb, string? Name = null)
{
    private readonly TaskCompletionSource<AnswerReport> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers, once.</summary>
    internal void Answer(bool isDone, string message) => _answer.TrySetResult(new AnswerReport { Ok = isDone, Message = message });

    /// <summary>Waits for the answer; null if there is none by then.</summary>
    internal AnswerReport? Wait(TimeSpan longest) => _answer.Task.Wait(longest) ? _answer.Task.Result : null;
}
