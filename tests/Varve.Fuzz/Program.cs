using System.Runtime.CompilerServices;

namespace Varve.Fuzz;

/// <summary>
/// The process: <c>Varve.Fuzz --seconds N [--keep] [--seed N] [TARGET…]</c> fuzzes, <c>Varve.Fuzz try TARGET FILE…</c> runs single inputs,
/// <c>Varve.Fuzz afl TARGET</c> is for afl-fuzz. Exit code 1: an input failed.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        // Before the first method that mentions a type of the library is compiled: what is loaded cannot be marked any more.
        Instrumentation.Ensure();
        return Run(args);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] args)
    {
        // Marked code writes to the map from its first branch on.
        Coverage.Reset();
        return args switch
        {
            ["try", var target, .. var files] => Campaign.Try(target, files),
            ["afl", var target] => Campaign.UnderAfl(target),
            _ => Campaign.Run(FuzzOptions.Parse(args)),
        };
    }
}
