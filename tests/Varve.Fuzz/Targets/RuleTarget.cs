using System.Text;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Fuzz.Targets;

/// <summary>
/// Files of rules: a byte that says of which kind, the file, a byte 0, a path. What a set of rules says of the path is what asking them one
/// by one says, and nothing is wrong with an ignore file, whatever is in it.
/// </summary>
internal sealed class RuleTarget : IFuzzTarget
{
    private const int MostRules = 16; // an automaton of a regular expression takes a megabyte

    private static readonly byte[] s_root = "/srv/tree"u8.ToArray();

    public string Name => "rule";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. ((string[])["**/", "/**", "**", "[a-z]", "[!x]", "[[:alpha:]]", "\\", "!", "re:", "canonical-re:", "(a|b)*", "{2,3}",
            "^/", "$", "\r\n", "#", " ", "\0", "/srv/tree/"]).Select(Encoding.UTF8.GetBytes),
    ];

    public IEnumerable<byte[]> Seeds()
    {
        yield return [0, .. "\uFEFF# rules\r\n*.o\n!keep.o\n/build/\n**/cache/**\n[a-c]?x\nre:\\.(bak|tmp)$\n\0"u8, .. "src/keep.o"u8];
        yield return [0, .. "/srv/tree/a b\\ \n../x\n./y\nd/\n\0"u8, .. "d"u8];
        yield return [1, .. "*\n!*/\n!*.c\n\\#x\n\\!y\na/**/b\n[\n\0"u8, .. "a/x/b"u8];
        yield return [2, .. "^/srv/tree/x[0-9]+$\n(ab)*c\n[[:digit:]]{2}\n\0"u8, .. "x12"u8];
        yield return [3, .. "cache|\\.tmp$\n\0"u8, 0xFF, .. "/y.tmp"u8];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) { return; }
        int end = input.LastIndexOf((byte)0);
        ReadOnlySpan<byte> text = end > 0 ? input[1..end] : input[1..], path = (end > 0 ? input[(end + 1)..] : "x"u8).Trim((byte)'/');
        if (path.IsEmpty) { return; }
        bool isIgnoreFile = input[0] == 1;
        IReadOnlyList<ExcludeRule> rules = isIgnoreFile ? RuleFile.ReadIgnoreFile(text, "file", MostRules)
            : RuleFile.Read(text, "file", RuleOrigin.Option, input[0] switch
            {
                2 => RuleKind.ActualPath,
                3 => RuleKind.CanonicalPath,
                _ => RuleKind.Glob,
            });
        rules = [.. rules.Take(MostRules)];
        var set = new RuleSet(rules, isIgnoreFile ? null : s_root);
        var paths = new RulePaths(s_root, s_root);
        foreach (bool mayBeDirectory in (bool[])[true, false])
        {
            int found = set.Find(path, mayBeDirectory, paths), one = -1;
            for (int i = 0; i < rules.Count; i++)
            {
                if (new PathRule(rules[i], isIgnoreFile ? null : s_root).IsMatch(path, mayBeDirectory, paths)) { one = i; }
            }

            Same.Require(found == one, $"together they say {found}, one by one {one}");
        }
    }
}
