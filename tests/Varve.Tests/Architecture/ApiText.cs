using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Varve.Tests.Architecture;

/// <summary>
/// The public API of an assembly as sorted lines: a type and below it its members, as somebody would write their declarations. What records
/// add is left out.
/// </summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> s_words = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(double)] = "double", [typeof(string)] = "string", [typeof(object)] = "object",
        [typeof(char)] = "char",
    };

    private static readonly NullabilityInfoContext s_nulls = new();

    /// <summary>The lines, joined.</summary>
    internal static string Of(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(static t => t.FullName, StringComparer.Ordinal))
        {
            lines.Add(Declaration(type));
            lines.AddRange(Members(type).Order(StringComparer.Ordinal).Select(static m => "    " + m));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Declaration(Type type)
    {
        string kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface" : IsRecord(type) ? type.IsValueType ? "readonly record struct" : "record"
            : type.IsValueType ? "struct" : "class";
        string how = type.IsValueType || type.IsInterface ? ""
            : type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "";
        IEnumerable<Type> bases = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) ? [b] : [];
        if (type.IsEnum) { bases = [Enum.GetUnderlyingType(type)]; }
        IEnumerable<Type> contracts = type.IsEnum ? []
            : type.GetInterfaces()
            .Where(i => i.IsVisible
            && (i.Namespace == "Varve" || i == typeof(IDisposable) || i.Name.StartsWith("IComparable", StringComparison.Ordinal)));
        string[] all = [.. bases.Concat(contracts).Select(Name)];
        return $"{Marks(type)}{how}{kind} {type.FullName}" + (all.Length > 0 ? " : " + string.Join(", ", all) : "");
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            foreach (string name in Enum.GetNames(type)) { yield return name; }
            yield break;
        }

        foreach (FieldInfo field in type.GetFields(Declared).Where(static f => f.IsPublic || f.IsFamily))
        {
            string how = field.IsLiteral ? $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}"
                : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Nullable(s_nulls.Create(field))} {field.Name}";
            yield return Marks(field) + how;
        }

        foreach (PropertyInfo property in type.GetProperties(Declared).Where(static p => p.GetMethod is { } g && IsSeen(g)))
        {
            string set = property.SetMethod is not { } s || !IsSeen(s) ? ""
                : s.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
            string required = property.GetCustomAttribute<RequiredMemberAttribute>() is null ? "" : "required ";
            string marks = Marks(property) + (property.GetMethod!.IsStatic ? "static " : "");
            yield return $"{marks}{required}{Nullable(s_nulls.Create(property))} {property.Name} {{ get;{set} }}";
        }

        foreach (ConstructorInfo made in type.GetConstructors(Declared).Where(c => IsSeen(c) && !IsCopy(c, type)))
        {
            yield return $"{Marks(made)}{type.Name}({Parameters(made)})";
        }
        foreach (MethodInfo method in type.GetMethods(Declared).Where(m => IsSeen(m) && !IsAdded(m)))
        {
            string how = method.IsStatic ? "static " : type.IsInterface && !method.IsAbstract ? "default " : "";
            yield return $"{Marks(method)}{how}{Nullable(s_nulls.Create(method.ReturnParameter))} {method.Name}({Parameters(method)})";
        }
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select((p, i) =>
        (i == 0 && method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "")
        + (p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : "")
        + Nullable(s_nulls.Create(p)) + " " + p.Name
        + (p.HasDefaultValue
        ? $" = {(p.DefaultValue is string text ? $"\"{text}\"" : p.DefaultValue ?? (p.ParameterType.IsValueType ? "default" : "null"))}"
        : "")));

    private static string Nullable(NullabilityInfo info)
    {
        Type type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        string name = type.IsGenericType && System.Nullable.GetUnderlyingType(type) is null
            && !type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal)
            ? $"{Bare(type)}<{string.Join(", ", info.GenericTypeArguments.Select(Nullable))}>" : Name(type);
        return name + (!type.IsValueType && info.ReadState == NullabilityState.Nullable ? "?" : "");
    }

    private static string Name(Type type)
    {
        if (s_words.TryGetValue(type, out string? word)) { return word; }
        if (System.Nullable.GetUnderlyingType(type) is { } inner) { return Name(inner) + "?"; }
        if (type.IsArray) { return Name(type.GetElementType()!) + "[]"; }
        if (!type.IsGenericType) { return type.Name; }
        string arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal) ? $"({arguments})" : $"{Bare(type)}<{arguments}>";
    }

    private static string Bare(Type type) => type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];

    private static string Marks(MemberInfo member) =>
        member.GetCustomAttribute<ExperimentalAttribute>() is { } mark ? $"[{mark.DiagnosticId}] " : "";

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsCopy(ConstructorInfo made, Type type) => made.GetParameters() is [{ } only] && only.ParameterType == type;

    // Accessors, what a record has anyway, and what every object has.
    private static bool IsAdded(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.IsDefined(typeof(CompilerGeneratedAttribute), false)
        || method.Name is "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "Deconstruct" or "<Clone>$";

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Declared) is not null;
}
