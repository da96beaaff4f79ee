using System.Reflection;

namespace Varve.Tests.Architecture;

/// <summary>What ships is used by what ships, and what tests is not shipped.</summary>
public sealed class UseTests
{
    /// <summary>
    /// Members that only tests use (or, by the name of their type and a dot, all of a type's), and why they ship all the same.
    /// </summary>
    private static readonly Dictionary<string, string> s_exceptions = new()
    {
        ["Varve.Restore.Target.TargetDirectory.MostOpen"] = "how many descriptors a restore takes can be seen nowhere else",
        ["Varve.BackupMonitor.Counted"] = "tests stop a run where it is by it",
        ["Varve.Seal.PrivatePart.Seal"] = "test vectors need an ephemeral key that is given (the overload without one is used)",
        ["Varve.Tree.TreeReader.TryFind"] = "tests look at single entries as tables (the overload with a visitor is used)",
        ["Varve.Platform.Gate.Visit"] = "a test holds what runs in its own process by it (decision 0028)",
    };

    private static readonly Assembly[] s_product = [typeof(VarveException).Assembly, Assembly.Load("Varve.S3"), Assembly.Load("varve")];

    [Fact]
    public void Nothing_ships_that_only_tests_use()
    {
        List<string> unused = UseRule.Unused(s_product).Where(m => !s_exceptions.ContainsKey(m) && !s_exceptions.ContainsKey(TypeOf(m)))
            .ToList();
        if (unused.Count > 0)
        {
            Assert.Fail("Remove these, move them to the tests, or say here why they ship:\n" + string.Join('\n', unused));
        }
    }

    [Fact]
    public void What_is_excepted_exists_and_is_used_by_tests_alone()
    {
        List<string> unused = UseRule.Unused(s_product);
        Assert.All(s_exceptions.Keys.Where(e => !e.EndsWith('.')), e => Assert.Contains(e, unused));
    }

    [Fact]
    public void No_constant_ships_that_nobody_mentions() =>
        Assert.Equal([], UseRule.Constants([.. SourceTree.Product]).Where(v => !IsOfTheSystem(v.Path)));

    [Fact]
    public void Plain_twins_of_fast_code_lie_in_the_tests() =>
        Assert.DoesNotContain(SourceTree.Product, f => f.Path.Contains("Scalar", StringComparison.Ordinal)
        || f.Path.Contains("Oracle", StringComparison.Ordinal));

    [Fact]
    public void A_constant_that_nobody_mentions_is_found()
    {
        SourceFile[] files = [SourceFile.From("src/Varve/Pack/A.cs", "class A\n{\n    const int Used = 1, Unused = Used + 2;\n}\n")];
        Assert.Equal("src/Varve/Pack/A.cs:3: nothing mentions the constant Unused", UseRule.Constants(files).Single().ToString());
    }

    [Fact]
    public void A_member_that_nobody_calls_is_found()
    {
        List<string> unused = UseRule.Unused(typeof(UseTests).Assembly);
        Assert.Contains($"{typeof(UseTests).FullName}.{nameof(NobodyCallsThis)}", unused);
        Assert.Contains($"{typeof(UseTests).FullName}.{nameof(OnlyTheUnusedCallsThis)}", unused);
    }

    // With the dot; a constructor's name begins with one.
    private static string TypeOf(string member) =>
        member.EndsWith("..ctor", StringComparison.Ordinal) ? member[..^5] : member[..(member.LastIndexOf('.') + 1)];

    // Tables of the system's numbers: whole, whoever uses them.
    private static bool IsOfTheSystem(string path) => path.StartsWith("src/Varve/Platform/", StringComparison.Ordinal);

    private static void NobodyCallsThis() => OnlyTheUnusedCallsThis();

    private static void OnlyTheUnusedCallsThis() => GC.KeepAlive(s_product);
}
