using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Varve.Tests.Architecture;

/// <summary>
/// What compiled methods refer to: calls, function pointers and type tokens, each as it is declared, generic arguments left out.
/// </summary>
internal static class MethodBodies
{
    internal const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> s_codes =
        typeof(OpCodes).GetFields().Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(c => (ushort)c.Value);

    /// <summary>The methods and constructors an assembly declares, those of the compiler's own types included.</summary>
    internal static IEnumerable<MethodBase> In(Assembly assembly) => assembly.GetTypes().SelectMany(In);

    /// <summary>The methods and constructors a type declares.</summary>
    internal static IEnumerable<MethodBase> In(Type type) => [.. type.GetMethods(Declared), .. type.GetConstructors(Declared)];

    /// <summary>The methods a method refers to; for an iterator or an asynchronous method those its state machine refers to, too.</summary>
    internal static HashSet<MethodBase> References(MethodBase method)
    {
        var found = new HashSet<MethodBase>();
        Read(method, found);
        if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
        {
            foreach (MethodBase step in In(machine.StateMachineType)) { Read(step, found); }
        }

        return found;
    }

    /// <summary>A method as it is declared: of a generic type or method the definition.</summary>
    internal static MethodBase Definition(MethodBase method) => method.Module.ResolveMethod(method.MetadataToken)!;

    private static void Read(MethodBase method, HashSet<MethodBase> found)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il) { return; }
        Type[] ofType = method.DeclaringType!.GetGenericArguments(), ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < il.Length;)
        {
            ushort code = il[at++];
            if (code == 0xFE) { code = (ushort)(0xFE00 | il[at++]); }
            OperandType operand = s_codes[code].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineTok
                && method.Module.ResolveMember(BitConverter.ToInt32(il, at), ofType, ofMethod) is MethodBase other)
            {
                found.Add(Definition(other));
            }

            at += Length(operand, il, at);
        }
    }

    private static int Length(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
        _ => 4,
    };
}
