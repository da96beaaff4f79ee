using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Store.Remote;

/// <summary>What both sides of a line to a store say to each other (docs/remote.md). Stateless.</summary>
internal static class Protocol
{
    /// <summary>The lowest and the highest version that this program speaks.</summary>
    internal const int Lowest = 1, Highest = 1;

    /// <summary>The longest greeting, in bytes.</summary>
    internal const int GreetingMost = 256;

    /// <summary>The largest object that may be replaced.</summary>
    internal const int MutableMost = 1 << 20;

    /// <summary>The largest range, or object, that is read before anything of it is sent: its error can be told.</summary>
    internal const int WholeMost = 4 << 20;

    /// <summary>The largest body that is text, but for listings.</summary>
    internal const int TextMost = 1 << 20;

    /// <summary>The most objects that one request removes.</summary>
    internal const int DeletionsMost = 1000;

    /// <summary>Paths of requests.</summary>
    internal const string Store = "/v1/store", Objects = "/v1/objects/", Listing = "/v1/objects", Deletion = "/v1/delete",
        CleaningUp = "/v1/clean-up", Free = "/v1/free";

    /// <summary>The secret that the name of a mutable object was made of: who shows it owns the object.</summary>
    internal const string OwnerHeader = "varve-owner";

    /// <summary>Facts of a store.</summary>
    internal const string Program = "program", Mode = "mode", Lateness = "lateness-ms", Full = "full", AppendOnly = "append-only",
        ReadOnly = "read-only";

    /// <summary>
    /// Stands in each answer of a server, with its status: of others, which whatever is in between may give, nobody knows what they mean.
    /// </summary>
    internal const string AnswerHeader = "varve-answer";

    /// <summary>An error's text, escaped as in a URL, where an answer has no body.</summary>
    internal const string ErrorHeader = "varve-error";

    /// <summary>How a token goes with a request (RFC 6750).</summary>
    internal const string TokenScheme = "Bearer";

    private const string Magic = "VARVE-STORE ";

    /// <summary>The line that whoever serves begins with.</summary>
    internal static string Greeting(string program) => $"{Magic}{Lowest} {Highest} {program}\n";

    /// <summary>Reads a greeting, without its end of line: null if it is none.</summary>
    internal static (int Lowest, int Highest, string Program)? Greeted(string line)
    {
        string[] words = line.Split(' ');
        return line.StartsWith(Magic, StringComparison.Ordinal) && words.Length == 4
            && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int low)
            && int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out int high) && low <= high
            ? (low, high, words[3]) : null;
    }

    /// <summary>A line of a listing, without its end: <c>LENGTH KEY</c>. Null if it is none.</summary>
    internal static StoreObject? Listed(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && long.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            && StoreKey.IsValid(line.AsSpan(space + 1)) ? new StoreObject(line[(space + 1)..], length) : null;
    }

    /// <summary>The last line of a listing that is complete.</summary>
    internal static string End(long count) => string.Create(CultureInfo.InvariantCulture, $"end {count}");

    /// <summary>What lines of a listing begin with that tell of an error: of a part that cannot be listed, and of all the rest.</summary>
    internal const string Unreadable = "unreadable ", Failed = "failed ";

    /// <summary>An error as a line of a listing, with its end.</summary>
    internal static string Told(string begin, VarveException e) => begin + Encode(e).TrimEnd('\n').Replace('\n', '\t') + '\n';

    /// <summary>The error's text that a line of a listing has, if it begins so; null if it does not.</summary>
    internal static string? ToldIn(string line, string begin) =>
        line.StartsWith(begin, StringComparison.Ordinal) ? line[begin.Length..].Replace('\t', '\n') : null;

    /// <summary>An error as text: a line for each fact.</summary>
    internal static string Encode(VarveException e)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"kind {e.Kind}\nadvice {e.Advice}\n");
        text.Append(e.IsRetryable ? "retry yes\n" : "retry no\n");
        text.Append(CultureInfo.InvariantCulture, $"subject {e.Subject.Kind} {OneLine(e.Subject.Name)}\n");
        if (e.Subject.Part is { } part) { text.Append("part ").Append(OneLine(part)).Append('\n'); }
        return text.Append("what ").Append(OneLine(e.What)).Append('\n').ToString();
    }

    /// <summary>An error that came over the line, said of the store as it is known here. What makes no sense is a failure of it.</summary>
    internal static VarveException Decode(string text, string store, string host)
    {
        Dictionary<string, string> facts = Facts(text);
        string Fact(string name) => facts.GetValueOrDefault(name, "");
        if (!Enum.TryParse(Fact("kind"), out ErrorKind kind) || !Enum.IsDefined(kind)) { kind = ErrorKind.Storage; }
        if (!Enum.TryParse(Fact("advice"), out Advice advice) || !Enum.IsDefined(advice)) { advice = Advice.None; }
        string[] about = Fact("subject").Split(' ', 2);
        string name = about.Length == 2 ? about[1] : "";
        Subject subject = about[0] switch
        {
            nameof(SubjectKind.Object) => Subject.Object(name, store),
            nameof(SubjectKind.Path) => Subject.Path($"{host}:{name}"),
            _ => Subject.Repository(store),
        };
        if (facts.TryGetValue("part", out string? part)) { subject = subject.Within(part); }
        string what = facts.GetValueOrDefault("what", "is served wrongly: it answers with an error that says nothing");
        return new VarveException(kind, subject, what, advice) { IsRetryable = Fact("retry") == "yes" };
    }

    /// <summary>Lines of a name and a value.</summary>
    internal static Dictionary<string, string> Facts(string text)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0) { facts[line[..space]] = line[(space + 1)..]; }
        }

        return facts;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
