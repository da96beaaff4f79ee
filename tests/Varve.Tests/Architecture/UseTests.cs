using System.Reflection;

namespace Varve.Tests.Architecture;

/// <summary>What ships is used by what ships, and what tests is not shipped.</summary>
public sealed class UseTests
{
    /// <summary>Members that only tests use, and why they ship all the same.</summary>
    private static readonly Dictionary<string, string> s_exceptions = new()
    {
        ["Varve.Tree.CondemnedCodec.Encode"] = "a codec's two halves stand together, and no command condemns yet",
        ["Varve.Restore.TargetDirectory.MostOpen"] = "how many descriptors a restore takes can be seen nowhere else",
    };

    private static readonly Assembly[] s_product = [typeof(Varve.Model.VarveException).Assembly, Assembly.Load("varve")];

    [Fact]
    public void Nothing_ships_that_only_tests_use() => Assert.Equal([], UseRule.Unused(s_product).Where(m => !s_exceptions.ContainsKey(m)));

    [Fact]
    public void What_is_excepted_exists_and_is_used_by_tests_alone() => Assert.Subset(UseRule.Unused(s_product).ToHashSet(), s_exceptions.Keys.ToHashSet());

    [Fact]
    public void No_constant_ships_that_nobody_mentions() => Assert.Equal([], UseRule.Constants([.. SourceTree.Product]));

    [Fact]
    public void Plain_twins_of_fast_code_lie_in_the_tests() =>
        Assert.DoesNotContain(SourceTree.Product, f => f.Path.Contains("Scalar", StringComparison.Ordinal) || f.Path.Contains("Oracle", StringComparison.Ordinal));

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
        Assert.DoesNotContain($"{typeof(UseRule).FullName}.{nameof(UseRule.Unused)}", unused);
    }

    private static void NobodyCallsThis() => OnlyTheUnusedCallsThis();

    private static void OnlyTheUnusedCallsThis() => GC.KeepAlive(s_product);
}
