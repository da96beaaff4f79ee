using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Varve.Platform.Sqlite;

/// <summary>
/// SQL's <c>sum</c> for whole numbers that add up to more than 64 bits hold: SQLite's own ends the query with an error, this one stays at
/// the end of what can be said. All else is as there: nothing but NULLs is NULL, a real number makes the sum real, it works over windows.
/// The binding of SQLite that is in use knows no functions over windows, so these calls are made directly. Stateless.
/// </summary>
internal static unsafe partial class SaturatingSum
{
    private const string Library = "e_sqlite3";
    private const int Utf8 = 1, Deterministic = 0x800, Innocuous = 0x20_0000;
    private const int Integer = 1, Null = 5;

    /// <summary>What is summed up so far; SQLite gives it out zeroed.</summary>
    private struct State
    {
        internal ulong High, Low; // of the whole numbers, 128 bits
        internal double Real;
        internal long Count, RealCount;
    }

    /// <summary>Takes the place of <c>sum</c> in a connection; an SQLite result code.</summary>
    internal static int Register(nint connection)
    {
        fixed (byte* name = "sum\0"u8)
        {
            const int flags = Utf8 | Deterministic | Innocuous;
            return sqlite3_create_window_function(connection, name, 1, flags, 0, &Step, &Value, &Value, &Inverse, null);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Step(nint context, int count, nint* values) => Add(context, values[0], 1);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Inverse(nint context, int count, nint* values) => Add(context, values[0], -1);

    private static void Add(nint context, nint value, int sign)
    {
        int type = sqlite3_value_numeric_type(value);
        var state = (State*)sqlite3_aggregate_context(context, sizeof(State));
        if (type == Null || state == null) { return; }
        state->Count += sign;
        if (type == Integer)
        {
            Int128 sum = new Int128(state->High, state->Low) + (sign * (Int128)sqlite3_value_int64(value));
            (state->High, state->Low) = ((ulong)(sum >> 64), (ulong)sum);
            return;
        }

        state->RealCount += sign;
        state->Real += sign * sqlite3_value_double(value);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Value(nint context)
    {
        var state = (State*)sqlite3_aggregate_context(context, 0);
        if (state == null || state->Count == 0) { return; }
        var sum = new Int128(state->High, state->Low);
        if (state->RealCount > 0) { sqlite3_result_double(context, state->Real + (double)sum); }
        else { sqlite3_result_int64(context, (long)Int128.Clamp(sum, long.MinValue, long.MaxValue)); }
    }

    [LibraryImport(Library)]
    private static partial int sqlite3_create_window_function(
        nint connection, byte* name, int arguments, int flags, nint data, delegate* unmanaged[Cdecl]<nint, int, nint*, void> step,
        delegate* unmanaged[Cdecl]<nint, void> final, delegate* unmanaged[Cdecl]<nint, void> value,
        delegate* unmanaged[Cdecl]<nint, int, nint*, void> inverse, delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(Library)]
    private static partial void* sqlite3_aggregate_context(nint context, int bytes);

    [LibraryImport(Library)]
    private static partial int sqlite3_value_numeric_type(nint value);

    [LibraryImport(Library)]
    private static partial long sqlite3_value_int64(nint value);

    [LibraryImport(Library)]
    private static partial double sqlite3_value_double(nint value);

    [LibraryImport(Library)]
    private static partial void sqlite3_result_int64(nint context, long value);

    [LibraryImport(Library)]
    private static partial void sqlite3_result_double(nint context, double value);
}
