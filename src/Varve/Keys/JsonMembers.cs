using System.Text.Json;
using Varve.Format;
using Varve.Model;

namespace Varve.Keys;

/// <summary>
/// The members of one small JSON object that was read from a repository, with every way of being nonsense turned into Damaged. Unknown
/// members are ignored; a repeated one is nonsense. Not thread-safe.
/// </summary>
internal readonly struct JsonMembers
{
    /// <summary>The longest text a member may have, in characters; slots have longer ones in base64.</summary>
    internal const int MaxText = Limits.MaxText;

    private readonly JsonElement _element;
    private readonly Subject _what;

    private JsonMembers(JsonElement element, Subject what)
    {
        _element = element;
        _what = what;
    }

    /// <summary>Parses an object of bounded size. Errors are about <paramref name="what"/>.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static JsonMembers Parse(ReadOnlySpan<byte> json, int maxLength, Subject what)
    {
        if (json.Length > maxLength) { throw VarveException.Damaged(what, $"it has {json.Length} bytes, more than {maxLength}"); }

        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 };
            using var document = JsonDocument.Parse(json.ToArray(), options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonMembers(document.RootElement.Clone(), what)
                : throw VarveException.Damaged(what, "it is not a JSON object");
        }
        catch (JsonException e)
        {
            throw VarveException.Damaged(what, $"it is not JSON (line {e.LineNumber}, byte {e.BytePositionInLine})");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a member's name: the parser meets it where it looks for names that stand twice.
            throw VarveException.Damaged(what, "it is not JSON (a name is no text)");
        }
    }

    internal JsonMembers Object(string member) => new(Find(member, JsonValueKind.Object), _what);

    internal long Integer(string member, long min, long max)
    {
        JsonElement value = Find(member, JsonValueKind.Number);
        return value.TryGetInt64(out long number) && number >= min && number <= max
            ? number
            : throw Nonsense(member);
    }

    /// <summary>A text without control characters: some are joined by line feeds before they are authenticated.</summary>
    internal string Text(string member, int maxLength = MaxText)
    {
        JsonElement value = Find(member, JsonValueKind.String);
        try
        {
            string text = value.GetString()!;
            return text.Length <= maxLength && !text.Any(char.IsControl) ? text : throw Nonsense(member);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            throw Nonsense(member);
        }
    }

    internal byte[] Base64(string member, int minLength, int maxLength)
    {
        JsonElement value = Find(member, JsonValueKind.String);
        try
        {
            return PlainBase64.TryDecode(value.GetString()!, out byte[] bytes) && bytes.Length >= minLength && bytes.Length <= maxLength
                ? bytes
                : throw Nonsense(member);
        }
        catch (InvalidOperationException) { throw Nonsense(member); }
    }

    internal RepositoryId Repository(string member)
    {
        string text = Text(member);
        return RepositoryId.TryParse(text, out RepositoryId id) && id.ToString() == text ? id : throw Nonsense(member);
    }

    /// <summary>A time, as the text that it is.</summary>
    internal string Time(string member)
    {
        string text = Text(member);
        return Rfc3339.IsTime(text) ? text : throw Nonsense(member);
    }

    internal VarveException Nonsense(string member) => VarveException.Damaged(_what, $"'{member}' makes no sense");

    private JsonElement Find(string member, JsonValueKind kind)
    {
        if (!_element.TryGetProperty(member, out JsonElement value)) { throw VarveException.Damaged(_what, $"'{member}' is missing"); }

        return value.ValueKind == kind ? value : throw Nonsense(member);
    }
}
