using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>The account database. These return the error number instead of setting it, as the C library does.</content>
public static unsafe partial class Posix
{
    /// <summary>struct passwd and struct group, as far as they are read; both have room to spare.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    internal struct Account
    {
        [FieldOffset(0)] public byte* Name;
    }

    [LibraryImport("libc")] internal static partial int getpwuid_r(uint uid, Account* account, byte* buffer, nuint length, Account** result);
    [LibraryImport("libc")] internal static partial int getgrgid_r(uint gid, Account* account, byte* buffer, nuint length, Account** result);
}
