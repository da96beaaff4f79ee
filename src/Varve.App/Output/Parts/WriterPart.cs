using Varve.Model;

namespace Varve.App.Output.Parts;

/// <summary>Who signed something.</summary>
internal sealed class WriterPart
{
    private readonly WriterIdentity _writer;

    private WriterPart(WriterIdentity writer) => _writer = writer;

    public string Id => _writer.Id;
    public string Label => _writer.Label;
    public string Level => KindText.Of(_writer.Level);

    /// <summary>Null for what nobody signed.</summary>
    internal static WriterPart? Of(WriterIdentity? writer) => writer is null ? null : new WriterPart(writer);

    /// <summary>
    /// What people are told behind a line: nothing of what their own key signed, and of what was made before there were signatures.
    /// </summary>
    internal static string Remark(SignatureState signature, WriterIdentity? writer, WriterIdentity? own) => signature switch
    {
        SignatureState.Invalid => "  [signed falsely]",
        SignatureState.Unsigned when own is not null => "  [not signed]",
        SignatureState.Valid when writer != own => $"  [by {NameText.Printable(writer!.Label)}]",
        _ => "",
    };
}
