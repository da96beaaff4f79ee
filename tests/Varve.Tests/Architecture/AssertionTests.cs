using System.Reflection;

namespace Varve.Tests.Architecture;

/// <summary>No test passes without asserting anything.</summary>
public sealed class AssertionTests
{
    private static readonly Dictionary<MethodBase, HashSet<MethodBase>> s_references = [];

    [Fact]
    public void Every_test_asserts() =>
        Assert.Equal([], Tests().Where(t => !Asserts(t)).Select(t => $"{t.ReflectedType!.FullName}.{t.Name}").Distinct());

    [Fact]
    public void A_test_that_does_not_is_found()
    {
        Assert.False(Asserts(((Action)AssertsNothing).Method));
        Assert.True(Asserts(typeof(AssertionTests).GetMethod(nameof(Every_test_asserts))!));
        Assert.InRange(Tests().Count(), 500, int.MaxValue);
    }

    private static IEnumerable<MethodInfo> Tests() =>
        from type in typeof(AssertionTests).Assembly.GetTypes()
        where !type.IsAbstract
        from method in type.GetMethods()
        where method.GetCustomAttributes().OfType<FactAttribute>().Any(f => !f.Explicit)
        select method;

    // By whatever it calls in this assembly, lambdas included.
    private static bool Asserts(MethodInfo test)
    {
        var seen = new HashSet<MethodBase>();
        var waiting = new Stack<MethodBase>([MethodBodies.Definition(test)]);
        while (waiting.TryPop(out MethodBase? method))
        {
            if (!seen.Add(method)) { continue; }
            if (method.DeclaringType == typeof(Assert) || method.Name.EndsWith("ThrowOnFailure", StringComparison.Ordinal)) { return true; }
            if (method.DeclaringType?.Assembly != test.Module.Assembly) { continue; }
            if (!s_references.TryGetValue(method, out HashSet<MethodBase>? references))
            {
                s_references[method] = references = MethodBodies.References(method);
            }
            foreach (MethodBase other in references) { waiting.Push(other); }
        }

        return false;
    }

    private static void AssertsNothing() => GC.KeepAlive(s_references);
}
