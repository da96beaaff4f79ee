using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Varve.Compare.Run;

/// <summary>
/// What the benchmark needs of libc to start a program and learn what it used. 64-bit Linux. Thread-safe, but for
/// <see cref="Wait"/>, which one thread calls per process.
/// </summary>
internal static unsafe partial class Native
{
    private const int PrSetChildSubreaper = 36, SpawnSetGroup = 2, ByPid = 1, Exited = 4, LeaveWaitable = 0x01000000;
    private const int WriteOnly = 1, NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const int Interrupted = 4, NoReader = 6;

    /// <summary>Makes orphans of our children our children, so that we can wait for them.</summary>
    public static void BecomeSubreaper() => Check(prctl(PrSetChildSubreaper, 1, 0, 0, 0), "prctl");

    /// <summary>Creates a named pipe.</summary>
    public static void MakeFifo(string path) => Check(mkfifo(path, 0x180), "mkfifo");

    /// <summary>Opens a named pipe for writing without waiting; -1 while nobody has it open for reading.</summary>
    public static int OpenFifo(string path)
    {
        int fd = open(path, WriteOnly | NonBlocking | CloseOnExec);
        if (fd < 0 && Marshal.GetLastPInvokeError() != NoReader) { Check(-1, "open"); }
        return fd;
    }

    /// <summary>Writes one line feed and closes.</summary>
    public static void WriteLineAndClose(int fd)
    {
        byte feed = (byte)'\n';
        nint written = write(fd, &feed, 1);
        int error = Marshal.GetLastPInvokeError();
        _ = close(fd);
        if (written != 1) { throw new Win32Exception(error, "write: " + Marshal.GetPInvokeErrorMessage(error)); }
    }

    /// <summary>Starts a program in a process group of its own and returns its process id, which is the group's too.</summary>
    public static int Spawn(string program, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        byte** argv = Strings([program, .. arguments]);
        byte** envp = Strings(environment.Select(e => e.Key + "=" + e.Value).ToArray());
        byte* attributes = stackalloc byte[512]; // posix_spawnattr_t: 336 bytes in glibc
        Check(posix_spawnattr_init(attributes), "posix_spawnattr_init");
        try
        {
            _ = posix_spawnattr_setflags(attributes, SpawnSetGroup);
            _ = posix_spawnattr_setpgroup(attributes, 0);
            int error = posix_spawn(out int pid, program, null, attributes, argv, envp);
            return error == 0 ? pid : throw new Win32Exception(error, $"{program}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
        finally
        {
            _ = posix_spawnattr_destroy(attributes);
            Free(argv);
            Free(envp);
        }
    }

    /// <summary>Waits until a child has ended, and leaves it to be waited for.</summary>
    public static void WaitForEnd(int pid)
    {
        byte* info = stackalloc byte[128]; // siginfo_t
        while (waitid(ByPid, pid, info, Exited | LeaveWaitable) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted) { Check(-1, "waitid"); }
        }
    }

    /// <summary>
    /// Waits for a child and takes what it and the children it waited for used: exit code (128 + signal if it was killed),
    /// user and system time, and the largest resident set of any one of them, in bytes.
    /// </summary>
    public static (int ExitCode, TimeSpan Cpu, long PeakBytes) Wait(int pid)
    {
        long* usage = stackalloc long[32]; // struct rusage: 18 longs
        int status;
        while (wait4(pid, &status, 0, usage) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted) { Check(-1, "wait4"); }
        }

        int signal = status & 0x7f;
        int code = signal == 0 ? (status >> 8) & 0xff : 128 + signal;
        TimeSpan cpu = TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
        return (code, cpu, usage[4] * 1024);
    }

    /// <summary>Kills a whole process group; one that has ended already is no error.</summary>
    public static void KillGroup(int group) => _ = kill(-group, 9);

    private static void Check(int result, string call)
    {
        if (result == 0) { return; }
        int error = Marshal.GetLastPInvokeError();
        throw new Win32Exception(error, $"{call}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static byte** Strings(string[] texts)
    {
        byte** array = (byte**)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Length; i++) { array[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]); }
        return array;
    }

    private static void Free(byte** array)
    {
        for (int i = 0; array[i] != null; i++) { Marshal.FreeCoTaskMem((nint)array[i]); }
        NativeMemory.Free(array);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(out int pid, string path, void* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setpgroup(byte* attributes, int group);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int type, int id, byte* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int wait4(int pid, int* status, int options, long* usage);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
