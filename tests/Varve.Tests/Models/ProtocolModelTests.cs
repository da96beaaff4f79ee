using System.Text.RegularExpressions;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Models;

/// <summary>The models of <c>docs/protocol.md</c>, checked by spin.</summary>
[Trait("Takes", "minutes")]
public sealed partial class ProtocolModelTests
{
    private static string Models => Path.Combine(VarveProcess.Clone, "models");

    private static string Document => File.ReadAllText(Path.Combine(VarveProcess.Clone, "docs", "protocol.md"));

    [Fact]
    public void Spin_finds_no_loss_in_the_models_and_a_loss_when_any_one_safeguard_is_off()
    {
        Shells.Needs("spin");
        Shells.Needs("gcc");
        // Its exit code is 0 only if every run came out as expected, and to the end where that is claimed.
        string output = Programs.Run(Path.Combine(Models, "check"));
        HashSet<string> off = [.. Run().Matches(output).Select(static m => m.Groups["name"].Value)];
        Assert.Contains("prunes.runs", off);
        Assert.Contains("live.all", off);
        HashSet<string> known = [.. off.Where(static n => n.StartsWith("without.", StringComparison.Ordinal))
            .Select(static n => n["without.".Length..].Split('=')[0])];
        Assert.Equal(Safeguards().Order(), known.Order());
    }

    [Fact]
    public void Every_safeguard_that_the_document_tells_the_loss_of_is_a_switch_of_a_model()
    {
        string models = Text();
        Assert.True(Safeguards().Count > 30);
        Assert.All(Safeguards(), s => Assert.Contains($"#define {s} ", models, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_step_that_the_document_names_is_in_a_model()
    {
        string models = Text();
        HashSet<string> steps = [.. Step().Matches(Document).Select(static m => m.Groups["name"].Value)];
        Assert.True(steps.Count > 30);
        Assert.All(steps, s => Assert.Matches($@"\b{s}\b", models));
    }

    private static string Text() => string.Concat(Directory.EnumerateFiles(Models, "*.pml").Select(File.ReadAllText));

    /// <summary>The first column of the table of losses.</summary>
    private static HashSet<string> Safeguards()
    {
        string table = Document[Document.IndexOf("## What each safeguard is for", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n**Courtesies**", StringComparison.Ordinal)];
        return [.. Row().Matches(table).SelectMany(static m => m.Groups["names"].Value.Split(", "))];
    }

    [GeneratedRegex(@"^(?<name>\S+) +\S+ states .*: ok$", RegexOptions.Multiline)]
    private static partial Regex Run();

    [GeneratedRegex(@"^\| (?<names>[A-Z_]+(?:, [A-Z_]+)*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>(?:writer|reader|prune|forget)_[a-z_]+)`")]
    private static partial Regex Step();
}
