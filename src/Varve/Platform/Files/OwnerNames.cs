using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Varve.Platform.Files;

/// <summary>
/// Names of users and groups by number, as the system's account database knows them. Remembers what it found, and that it found
/// nothing, for its lifetime: up to 65,536 answers of each sort, then it asks each time. Thread-safe.
/// </summary>
[SkipLocalsInit]
internal sealed unsafe class OwnerNames
{
    private const int Bound = 65536;
    private readonly ConcurrentDictionary<uint, byte[]?> _users = new();
    private readonly ConcurrentDictionary<uint, byte[]?> _groups = new();

    /// <summary>The user's name, or null if the number has none. The array is shared: do not write to it.</summary>
    public byte[]? User(uint uid) => Name(_users, uid, isUser: true);

    /// <summary>The group's name, or null if the number has none. The array is shared: do not write to it.</summary>
    public byte[]? Group(uint gid) => Name(_groups, gid, isUser: false);

    private static byte[]? Name(ConcurrentDictionary<uint, byte[]?> known, uint id, bool isUser)
    {
        if (known.TryGetValue(id, out byte[]? name)) { return name; }
        bool certain = Ask(isUser, id, out name);
        if (certain && known.Count < Bound) { known[id] = name; }
        return name;
    }

    /// <summary>Asks by number. False if the database could not be asked: no answer worth remembering.</summary>
    private static bool Ask(bool isUser, uint id, out byte[]? name)
    {
        name = null;
        for (int size = 4096; size <= 4 << 20; size *= 4)
        {
            Posix.Account account;
            Posix.Account* result = null;
            byte* buffer = (byte*)NativeMemory.Alloc((nuint)size);
            try
            {
                int errno = isUser
                    ? Posix.getpwuid_r(id, &account, buffer, (nuint)size, &result)
                    : Posix.getgrgid_r(id, &account, buffer, (nuint)size, &result);
                if (errno == Errno.ERANGE) { continue; } // a group with many members
                if (result == null) { return errno is 0 or Errno.ENOENT or 3 /* ESRCH */ or Errno.EBADF or Errno.EPERM; }
                name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result->Name).ToArray();
                return true;
            }
            finally { NativeMemory.Free(buffer); }
        }

        return false;
    }
}
