using System.CodeDom.Compiler;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>
/// What ships is used by what ships: no method or property of the product that nobody calls, or only tests. The public API is left out,
/// which other programs call, and what runs by other ways than a call: overrides, interfaces and what they ask for, operators, generated
/// code, and what the compiler adds to records. A property counts as one.
/// </summary>
internal static partial class UseRule
{
    private static readonly HashSet<string> s_ofRecords = ["Equals", "GetHashCode", "ToString", "PrintMembers", "Deconstruct",
        "get_EqualityContract"];

    /// <summary>
    /// Names of the members that nothing in these assemblies refers to, other than members that are on this list themselves.
    /// </summary>
    internal static List<string> Unused(params Assembly[] product)
    {
        Dictionary<MethodBase, HashSet<MethodBase>> uses = product.SelectMany(MethodBodies.In).Distinct()
            .ToDictionary(m => m, MethodBodies.References);
        HashSet<MethodBase> asked = AskedByInterfaces(product), live = [.. uses.Keys];
        var unused = new SortedSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var referred = new HashSet<string>();
            foreach (MethodBase user in live) { referred.UnionWith(uses[user].Where(m => m != user).Select(NameOf)); }
            List<MethodBase> dead = live.Where(m => !RunsOtherwise(m, asked) && !referred.Contains(NameOf(m))).ToList();
            if (dead.Count == 0) { return [.. unused]; }
            foreach (MethodBase method in dead)
            {
                live.Remove(method);
                unused.Add(Shown(method));
            }
        }
    }

    /// <summary>Constants of the product that no other line of it mentions.</summary>
    internal static IEnumerable<Violation> Constants(IReadOnlyList<SourceFile> product)
    {
        Dictionary<string, int> mentions = product.SelectMany(f => Word().Matches(f.Code)).GroupBy(m => m.Value)
            .ToDictionary(g => g.Key, g => g.Count());
        return from file in product
               from Match declaration in Constant().Matches(file.Code)
               from Match name in Name().Matches(declaration.Groups["names"].Value)
               where mentions[name.Groups["name"].Value] == 1
               select file.At(declaration.Index, $"nothing mentions the constant {name.Groups["name"].Value}");
    }

    private static bool RunsOtherwise(MethodBase method, HashSet<MethodBase> asked) =>
        method.Name.Contains('<', StringComparison.Ordinal) || method.DeclaringType!.Name.Contains('<', StringComparison.Ordinal)
        || method.Name is ".cctor" or "Main" || method.Name.StartsWith("op_", StringComparison.Ordinal) || s_ofRecords.Contains(method.Name)
        || (method is MethodInfo { IsVirtual: true } over && over.GetBaseDefinition() != over) || asked.Contains(method)
        || (method.IsPublic && method.DeclaringType.IsVisible)
        || method.DeclaringType.IsInterface || IsGenerated(method.DeclaringType) || typeof(Delegate).IsAssignableFrom(method.DeclaringType)
        || (method is ConstructorInfo made && (method.DeclaringType.IsValueType || IsCopy(made)));

    private static bool IsGenerated(Type? type) =>
        type is not null && (type.GetCustomAttribute<GeneratedCodeAttribute>() is not null || IsGenerated(type.DeclaringType));

    private static bool IsCopy(ConstructorInfo made) => made.GetParameters() is [{ } only] && only.ParameterType == made.DeclaringType;

    private static HashSet<MethodBase> AskedByInterfaces(Assembly[] product)
    {
        var asked = new HashSet<MethodBase>();
        foreach (Type type in product.SelectMany(a => a.GetTypes()).Where(t => !t.IsInterface))
        {
            foreach (Type contract in type.GetInterfaces())
            {
                asked.UnionWith(type.GetInterfaceMap(contract).TargetMethods.Where(m => m is not null).Select(MethodBodies.Definition));
            }
        }

        return asked;
    }

    // The accessors of a property have one name, and so are used together; overloads are told apart.
    private static string NameOf(MethodBase method) =>
        IsAccessor(method) ? Shown(method) : $"{Shown(method)} {method.MetadataToken}";

    private static string Shown(MethodBase method) =>
        $"{method.DeclaringType!.FullName}.{(IsAccessor(method) ? method.Name[4..] : method.Name)}";

    private static bool IsAccessor(MethodBase method) =>
        method.IsSpecialName
        && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal));

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bconst\s+\w+\s+(?<names>[^;]+);")]
    private static partial Regex Constant();

    [GeneratedRegex(@"(?:^|,)\s*(?<name>[A-Za-z_]\w*)\s*=(?!=)")]
    private static partial Regex Name();
}
