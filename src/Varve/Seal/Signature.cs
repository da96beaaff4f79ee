using Varve.Model;

namespace Varve.Seal;

/// <summary>What a signature comes to.</summary>
/// <param name="State">Whether it holds.</param>
/// <param name="Writer">Who signed; null unless the signature is valid.</param>
internal readonly record struct Signature(SignatureState State, WriterIdentity? Writer)
{
    internal static Signature None => new(SignatureState.Unsigned, null);

    internal static Signature Invalid => new(SignatureState.Invalid, null);

    /// <summary>Whether a full key signed.</summary>
    internal bool IsFull => Writer?.Level == KeyLevel.Full;
}
