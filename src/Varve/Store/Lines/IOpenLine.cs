namespace Varve.Store.Lines;

/// <summary>One line to a store. Disposing it ends whatever made it.</summary>
internal interface IOpenLine : IDisposable
{
    /// <summary>The bytes.</summary>
    PumpedLine Bytes { get; }

    /// <summary>
    /// Why it ended before anything was said on it, as far as that can be known; null if it did not end by itself. Waits shortly for that.
    /// </summary>
    VarveException? Reason(string store);

    /// <summary>What was said beside it last, for people; empty for nothing.</summary>
    string Remark { get; }
}
