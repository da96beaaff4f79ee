using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>The account database. These return the error number instead of setting it, as the C library does.</content>
internal static unsafe partial class Posix
{
    /// <summary>struct passwd and struct group, as far as they are read; both have room to spare.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    internal struct Account
    {
        [FieldOffset(0)] public byte* Name;
        /// <summary>pw_uid or gr_gid.</summary>
        [FieldOffset(16)] public uint Id;
        /// <summary>gr_mem: names, the last of which is null.</summary>
        [FieldOffset(24)] public byte** Members;
        /// <summary>pw_dir.</summary>
        [FieldOffset(32)] public byte* Home;
    }

    /// <summary>The id of the user (or group) of that name on this machine, or null.</summary>
    internal static uint? FindId(ReadOnlySpan<byte> name, bool group)
    {
        byte* z = stackalloc byte[PathMax];
        if (name.IsEmpty || Terminate(name, z) != 0) { return null; }
        var buffer = new byte[64 * 1024];
        fixed (byte* b = buffer)
        {
            Account account;
            Account* result = null;
            int error = group ? getgrnam_r(z, &account, b, (nuint)buffer.Length, &result)
                : getpwnam_r(z, &account, b, (nuint)buffer.Length, &result);
            return error == 0 && result != null ? result->Id : null;
        }
    }

    /// <summary>Whether a group has the name of a user, and no other member; false if that cannot be told.</summary>
    internal static bool IsGroupOfOne(uint gid, uint uid)
    {
        var buffers = new byte[2 * 64 * 1024];
        fixed (byte* b = buffers)
        {
            nuint half = (nuint)(buffers.Length / 2);
            Account user, group;
            Account* result = null;
            if (getpwuid_r(uid, &user, b, half, &result) != 0 || result == null) { return false; }
            if (getgrgid_r(gid, &group, b + half, half, &result) != 0 || result == null) { return false; }
            ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(user.Name);
            if (!name.SequenceEqual(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(group.Name))) { return false; }
            for (byte** member = group.Members; member != null && *member != null; member++)
            {
                if (!name.SequenceEqual(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*member))) { return false; }
            }

            return true;
        }
    }

    /// <summary>A user's home directory as the account database has it, or null.</summary>
    internal static byte[]? HomeOf(uint uid)
    {
        var buffer = new byte[64 * 1024];
        fixed (byte* b = buffer)
        {
            Account account;
            Account* result = null;
            if (getpwuid_r(uid, &account, b, (nuint)buffer.Length, &result) != 0 || result == null) { return null; }
            return MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result->Home).ToArray();
        }
    }

    [LibraryImport("libc")]
    internal static partial int getpwuid_r(uint uid, Account* account, byte* buffer, nuint length, Account** result);
    [LibraryImport("libc")]
    internal static partial int getgrgid_r(uint gid, Account* account, byte* buffer, nuint length, Account** result);
    [LibraryImport("libc")]
    internal static partial int getpwnam_r(byte* name, Account* account, byte* buffer, nuint length, Account** result);
    [LibraryImport("libc")]
    internal static partial int getgrnam_r(byte* name, Account* account, byte* buffer, nuint length, Account** result);
}
