namespace Varve.App.Host;

/// <summary>How a command ended.</summary>
/// <param name="Code">Its exit code as shells count it; 127 and the like too.</param>
/// <param name="TookTooLong">It was ended, for it took longer than it may.</param>
/// <param name="WasStopped">It was ended, for somebody wanted everything to end.</param>
internal readonly record struct CommandEnd(int Code, bool TookTooLong, bool WasStopped)
{
    /// <summary>It did what it was to do.</summary>
    internal bool IsGood => Code == 0 && !TookTooLong && !WasStopped;

    /// <summary>The same in words.</summary>
    internal string Text => TookTooLong ? "took longer than it may, and was ended"
        : WasStopped ? "was ended with everything else"
        : Code > 128 ? $"was ended by signal {Code - 128}" : $"ended with exit code {Code}";
}
