using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Varve.Platform;

/// <summary>
/// Names of users and groups by number, and back, as the system's account database knows them. Remembers what it found, and that it found
/// nothing, for its lifetime: up to 65,536 answers of each sort, then it asks each time. Thread-safe.
/// </summary>
[SkipLocalsInit]
public sealed unsafe class OwnerNames
{
    private const int Bound = 65536;
    private readonly ConcurrentDictionary<uint, byte[]?> _users = new();
    private readonly ConcurrentDictionary<uint, byte[]?> _groups = new();
    private readonly ConcurrentDictionary<string, uint?> _userIds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, uint?> _groupIds = new(StringComparer.Ordinal);

    /// <summary>The user's name, or null if the number has none. The array is shared: do not write to it.</summary>
    public byte[]? User(uint uid) => Name(_users, uid, isUser: true);

    /// <summary>The group's name, or null if the number has none. The array is shared: do not write to it.</summary>
    public byte[]? Group(uint gid) => Name(_groups, gid, isUser: false);

    /// <summary>The number of the user of that name, or null.</summary>
    public uint? UserId(ReadOnlySpan<byte> name) => Id(_userIds, name, isUser: true);

    /// <summary>The number of the group of that name, or null.</summary>
    public uint? GroupId(ReadOnlySpan<byte> name) => Id(_groupIds, name, isUser: false);

    private static byte[]? Name(ConcurrentDictionary<uint, byte[]?> known, uint id, bool isUser)
    {
        if (known.TryGetValue(id, out byte[]? name)) { return name; }
        bool certain = Ask(isUser, id, null, out name, out _);
        if (certain && known.Count < Bound) { known[id] = name; }
        return name;
    }

    private static uint? Id(ConcurrentDictionary<string, uint?> known, ReadOnlySpan<byte> name, bool isUser)
    {
        if (name.IsEmpty || name.Length > 1024 || name.Contains((byte)0)) { return null; }
        string key = Encoding.Latin1.GetString(name); // bytes as they are, one to one
        if (known.TryGetValue(key, out uint? id)) { return id; }
        byte* terminated = stackalloc byte[1025];
        name.CopyTo(new Span<byte>(terminated, 1025));
        terminated[name.Length] = 0;
        bool certain = Ask(isUser, 0, terminated, out _, out id);
        if (certain && known.Count < Bound) { known[key] = id; }
        return id;
    }

    /// <summary>Asks by name, or by number if <paramref name="name"/> is null. False if the database could not be asked: no answer worth remembering.</summary>
    private static bool Ask(bool isUser, uint id, byte* name, out byte[]? foundName, out uint? foundId)
    {
        foundName = null;
        foundId = null;
        for (int size = 4096; size <= 4 << 20; size *= 4)
        {
            Posix.Account account;
            Posix.Account* result = null;
            byte* buffer = (byte*)NativeMemory.Alloc((nuint)size);
            try
            {
                int errno = (isUser, name == null) switch
                {
                    (true, true) => Posix.getpwuid_r(id, &account, buffer, (nuint)size, &result),
                    (false, true) => Posix.getgrgid_r(id, &account, buffer, (nuint)size, &result),
                    (true, false) => Posix.getpwnam_r(name, &account, buffer, (nuint)size, &result),
                    (false, false) => Posix.getgrnam_r(name, &account, buffer, (nuint)size, &result),
                };
                if (errno == Errno.ERANGE) { continue; } // a group with many members
                if (result == null) { return errno is 0 or Errno.ENOENT or 3 /* ESRCH */ or Errno.EBADF or Errno.EPERM; }
                foundName = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result->Name).ToArray();
                foundId = result->Id;
                return true;
            }
            finally
            {
                NativeMemory.Free(buffer);
            }
        }

        return false;
    }
}
