namespace Varve.Compare.Measure;

/// <summary>Something that takes its turn in every round.</summary>
internal abstract class Participant
{
    /// <summary>Its name, as in --tools.</summary>
    public abstract string Tool { get; }

    /// <summary>Does all of its work on the corpus once, and leaves nothing behind but the corpus as it was.</summary>
    public abstract void TakeTurn(Round round);
}
