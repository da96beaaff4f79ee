using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Varve.Fuzz;

/// <summary>
/// Which branches the marked assemblies took, and how often in powers of two, as AFL counts them: a map of bytes that each branch adds to.
/// One for the process; one thread at a time.
/// </summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    private static readonly byte[] s_bucket = Buckets();
    private static readonly byte* s_map = Map();

    private readonly byte[] _seen = new byte[Size];

    /// <summary>Distinct branches so far.</summary>
    internal int Branches { get; private set; }

    /// <summary>Forgets what was counted since the last time.</summary>
    internal static void Reset()
    {
        new Span<byte>(s_map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>
    /// Whether a branch was taken since <see cref="Reset"/> that never was, or as often as never; it is known from now on.
    /// </summary>
    internal bool IsNew()
    {
        bool isNew = false;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(new ReadOnlySpan<byte>(s_map, Size));
        for (int w = 0; w < words.Length; w++)
        {
            if (words[w] == 0) { continue; }
            for (int i = w * 8; i < (w * 8) + 8; i++)
            {
                byte bit = s_bucket[s_map[i]];
                if ((_seen[i] & bit) == bit) { continue; }
                if (_seen[i] == 0) { Branches++; }
                _seen[i] |= bit;
                isNew = true;
            }
        }

        return isNew;
    }

    private static byte* Map()
    {
        Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Size);
        return Trace.SharedMem;
    }

    private static byte[] Buckets()
    {
        var buckets = new byte[256];
        for (int i = 1; i < buckets.Length; i++)
        {
            buckets[i] = i switch { 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 };
        }

        return buckets;
    }
}
