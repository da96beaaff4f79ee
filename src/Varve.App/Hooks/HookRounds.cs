using Varve.App.Host;
using Varve.App.Invocation;
using Varve.App.Settings.Configuration;

namespace Varve.App.Hooks;

/// <summary>
/// Runs what the configuration has run around work. If one that is to run before fails, the work is not done; what is to run afterwards is
/// run whatever became of it, also when it was interrupted. Used by one thread.
/// </summary>
/// <param name="context">Of the command.</param>
/// <param name="areOff">Somebody wants none to be run.</param>
internal sealed class HookRounds(CommandContext context, bool areOff)
{
    /// <summary>What is said of a signal while hooks are run.</summary>
    private const string Stopping = "stopping; what is stored is kept, the next backup goes on from there (again to stop at once)";

    /// <summary>Does the work with the hooks around it; <paramref name="work"/> adds to the facts what it comes to know.</summary>
    internal Outcome Around(HookConfig? hooks, HookFacts facts, Func<Outcome> work)
    {
        if (areOff || hooks is null or { IsEmpty: true }) { return work(); }
        // From now on a signal is no end without what is to run afterwards.
        CancellationToken cancelled = context.CancelOnSignal(Stopping);
        Outcome outcome = Outcome.Failed;
        string result = HookMoments.Failed;
        bool areDone = false;
        try
        {
            if (RunAll(hooks.Before, HookMoments.Before, null, hooks, facts, cancelled) is { } failed)
            {
                context.Report(failed);
                (facts.Error, outcome, result) = (failed.Message, Outcome.Prevented, HookMoments.Prevented);
            }
            else
            {
                cancelled.ThrowIfCancellationRequested();
                outcome = work();
                result = outcome switch
                {
                    Outcome.Done => HookMoments.Good,
                    Outcome.Incomplete => HookMoments.Incomplete,
                    _ => HookMoments.Failed,
                };
            }
        }
        catch (VarveException e)
        {
            facts.Error = e.Message;
            throw;
        }
        catch (OperationCanceledException)
        {
            result = HookMoments.Interrupted;
            throw;
        }
        finally { areDone = Finish(hooks, facts, result); }

        return areDone || outcome != Outcome.Done ? outcome : Outcome.Incomplete;
    }

    /// <summary>Runs what is to run afterwards, all of it; false if anything of it failed, which is told.</summary>
    private bool Finish(HookConfig hooks, HookFacts facts, string result)
    {
        bool isGood = result == HookMoments.Good, areDone = true;
        foreach ((IReadOnlyList<string> commands, string moment) in ((IReadOnlyList<string>, string)[])
            [isGood ? (hooks.OnSuccess, HookMoments.OnSuccess) : (hooks.OnFailure, HookMoments.OnFailure), (hooks.After, HookMoments.After)])
        {
            // Nothing stops these but the second signal, which ends the program.
            if (RunAll(commands, moment, result, hooks, facts, CancellationToken.None) is not { } failed) { continue; }
            context.Report(failed);
            areDone = false;
        }

        return areDone;
    }

    /// <summary>Runs commands in their order until one fails; what is wrong then, or null.</summary>
    private VarveException? RunAll(IReadOnlyList<string> commands, string moment, string? result, HookConfig hooks, HookFacts facts,
        CancellationToken cancelled)
    {
        foreach (string command in commands)
        {
            CommandEnd end;
            try
            {
                end = new GuardedCommand
                {
                    Command = command, Environment = context.Environment, Limit = hooks.TimeLimit,
                    Variables = facts.Variables(moment, result),
                }.Run(cancelled);
            }
            catch (VarveException e) { return e; }

            if (end.WasStopped) { throw new OperationCanceledException(cancelled); }
            if (end.IsGood) { continue; }
            string whose = facts.Source is { } source ? $"{moment} of '{source}'" : moment;
            return new VarveException(ErrorKind.Storage, Subject.Program(command), $"{end.Text}; it is the hook {whose}");
        }

        return null;
    }
}
