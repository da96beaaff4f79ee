using System.Text.Json.Serialization;
using Varve.App.Output.Json;

namespace Varve.App.Output.Parts;

/// <summary>A source that could not be backed up, in a list of such. Its root is null if the configuration does not give it.</summary>
internal readonly struct UnsavedSource
{
    private readonly string? _source;
    private readonly byte[]? _root;
    private readonly VarveException _error;
    private readonly NextCommand _next;

    internal UnsavedSource(string? source, byte[]? root, VarveException error, NextCommand next) =>
        (_source, _root, _error, _next) = (source, root, error, next);

    public string? Source => _source;
    public ByteText? Root => ByteText.From(_root);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? RootBytes => Root?.Other;
    public ErrorFacts Error => new(KindText.Of(_error.Kind), _error.Message, AdviceText.Of(_error, _next));

    /// <summary>For people: the name, if it has one, or the path, or where it stands.</summary>
    internal string Label => _source is { } name ? NameText.Printable(name)
        : _root is not null ? NameText.Escape(_root) : NameText.Printable(_error.Subject.ToString());
}
