namespace Varve.Store.Remote;

/// <summary>An answer that is not the server's: whatever stands before it gave it. Another try may do better.</summary>
/// <param name="message">What the answer is.</param>
/// <param name="isBusy">It is one that a proxy gives while the server is away or has much to do.</param>
internal sealed class StrangeAnswerException(string message, bool isBusy) : IOException(message)
{
    /// <summary>Whether a proxy gives it while the server is away or has much to do.</summary>
    internal bool IsBusy => isBusy;
}
