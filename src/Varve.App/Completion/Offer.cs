namespace Varve.App.Completion;

/// <summary>A word that a shell may put in place of what is typed.</summary>
/// <param name="Word">All of it, bytes.</param>
/// <param name="Text">What it is, for shells that show that; may be empty.</param>
internal sealed record Offer(byte[] Word, string Text);
