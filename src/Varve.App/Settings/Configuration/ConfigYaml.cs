using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Varve.App.Settings.Configuration;

/// <summary>
/// YAML as nodes, by the library's parser alone: no reflection, so it may be trimmed. What configuration needs no more than trouble is
/// refused: anchors, aliases, tags, several documents, keys that are not text. Bounded in size and depth.
/// </summary>
internal sealed class ConfigYaml
{
    /// <summary>The longest configuration, in bytes.</summary>
    internal const int MaxLength = 1 << 20;

    private const int MaxDepth = 16;
    private readonly string _file;
    private readonly Parser _parser;

    private ConfigYaml(string file, string text)
    {
        _file = file;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document; null if it is empty.</summary>
    /// <exception cref="VarveException">Usage: it is not YAML, or not of this kind.</exception>
    internal static ConfigNode? Parse(string file, string text)
    {
        if (text.Length > MaxLength)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(file), "it is no configuration: longer than 1 MiB",
                Advice.OtherConfiguration);
        }
        try { return new ConfigYaml(file, text).Document(); }
        catch (YamlException e)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(file, e.Start.Line, e.Start.Column), Reason(e),
                Advice.SeeExample, e);
        }
        // On some damaged texts the parser stumbles over itself.
        catch (Exception e) when (e is not VarveException)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(file), "it is not YAML", Advice.SeeExample, e);
        }
    }

    private static string Reason(YamlException e) => (e.InnerException?.Message ?? e.Message).TrimEnd('.');

    private ConfigNode? Document()
    {
        Next<StreamStart>();
        if (Next<ParsingEvent>() is StreamEnd) { return null; }
        ConfigNode node = Value(Next<NodeEvent>(), 0);
        Next<DocumentEnd>();
        return Next<ParsingEvent>() is StreamEnd ? node : throw At(_parser.Current!, "there must be one document only");
    }

    private ConfigNode Value(NodeEvent start, int depth)
    {
        if (depth > MaxDepth) { throw At(start, "it is nested too deeply"); }
        if (!start.Anchor.IsEmpty) { throw At(start, "anchors are not supported"); }
        // A quoted text carries the tag '!' in the parser's eyes.
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific) { throw At(start, "tags are not supported"); }
        switch (start)
        {
            case Scalar scalar:
                return new ConfigNode(_file, start.Start.Line, start.Start.Column) { Text = scalar.Value };
            case SequenceStart:
                var items = new List<ConfigNode>();
                while (Next<ParsingEvent>() is not SequenceEnd) { items.Add(Value(Current(), depth + 1)); }
                return new ConfigNode(_file, start.Start.Line, start.Start.Column) { Items = items };
            default:
                var members = new List<(ConfigNode, ConfigNode)>();
                while (Next<ParsingEvent>() is not MappingEnd)
                {
                    ConfigNode key = Value(Current(), depth + 1);
                    if (key.Text is null) { throw key.Wrong("a key must be a text"); }
                    members.Add((key, Value(Next<NodeEvent>(), depth + 1)));
                }

                return new ConfigNode(_file, start.Start.Line, start.Start.Column) { Members = members };
        }
    }

    private NodeEvent Current() => Checked<NodeEvent>(_parser.Current!);

    private T Next<T>() where T : ParsingEvent
    {
        do
        {
            if (!_parser.MoveNext())
            {
                throw new VarveException(ErrorKind.Usage, Subject.Configuration(_file), "it ends too early", Advice.SeeExample);
            }
        }
        while (_parser.Current is Comment);
        return Checked<T>(_parser.Current!);
    }

    private T Checked<T>(ParsingEvent current) where T : ParsingEvent => current switch
    {
        AnchorAlias => throw At(current, "aliases are not supported"),
        T wanted => wanted,
        _ => throw At(current, "this makes no sense here"),
    };

    private VarveException At(ParsingEvent current, string what) =>
        new(ErrorKind.Usage, Subject.Configuration(_file, current.Start.Line, current.Start.Column), what);
}
