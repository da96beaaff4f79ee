using System.Reflection;
using System.Xml.Linq;

namespace Varve.Tests.Architecture;

/// <summary>The API of the library is what docs/decisions/0032 says, and changes only on purpose.</summary>
public sealed class PublicApiTests
{
    private const string Snapshot = "tests/Varve.Tests/Architecture/PublicApi.txt";

    private static readonly Assembly s_library = typeof(VarveException).Assembly;

    [Fact]
    public void The_public_API_is_as_it_was_accepted()
    {
        string root = SourceTree.Root(), accepted = Path.Combine(root, Snapshot), now = Path.Combine(root, ".build", "PublicApi.txt");
        string text = ApiText.Of(s_library);
        string[] was = File.Exists(accepted) ? File.ReadAllLines(accepted) : [], lines = text.Split('\n')[..^1];
        if (was.SequenceEqual(lines)) { return; }
        Directory.CreateDirectory(Path.GetDirectoryName(now)!);
        File.WriteAllText(now, text);
        string difference = string.Join('\n',
            was.Except(lines).Select(static l => "- " + l).Concat(lines.Except(was).Select(static l => "+ " + l)));
        Assert.Fail(
            $"The public API changed:\n{difference}\nIf it is meant to, accept it, and say it in CHANGELOG.md:\n"
            + $"    cp .build/PublicApi.txt {Snapshot}");
    }

    [Fact]
    public void The_public_API_stays_small() => Assert.InRange(s_library.GetExportedTypes().Length, 35, 41);

    [Fact]
    public void Public_types_are_in_one_namespace() =>
        Assert.All(s_library.GetExportedTypes(), static t => Assert.Equal("Varve", t.Namespace));

    [Fact]
    public void A_member_that_is_public_has_its_contract_in_the_documentation()
    {
        // The compiler asks for a comment (CS1591), not for a word in it.
        string path = Path.ChangeExtension(s_library.Location, ".xml");
        XElement[] members = [.. XDocument.Load(path).Descendants("member")];
        Assert.NotEmpty(members);
        string[] empty =
        [
            .. members.Where(static m => m.Element("inheritdoc") is null
                && string.IsNullOrWhiteSpace(m.Element("summary")?.ToString(SaveOptions.DisableFormatting)
                .Replace("<summary>", "", StringComparison.Ordinal).Replace("</summary>", "", StringComparison.Ordinal)))
                .Select(static m => m.Attribute("name")!.Value).Where(IsPublic),
        ];
        Assert.Equal([], empty);
    }

    private static bool IsPublic(string name) =>
        s_library.GetExportedTypes().Any(t => name[2..] == t.FullName || name[2..].StartsWith(t.FullName + ".", StringComparison.Ordinal));
}
