using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Platform.Processes;

/// <summary>
/// A child of this process: started with default signals, none blocked, a process group of its own, and no descriptor but the three it is
/// given. Its niceness and share of the disk are those of the thread that starts it. Thread-safe.
/// </summary>
internal sealed unsafe partial class ChildProcess
{
    private const short SetGroup = 2, SetDefaults = 4, SetMask = 8;
    private const int Opaque = 512; // more than posix_spawn's structures have in any libc
    private const int Signals = 128; // bytes of a sigset_t

    private readonly Lock _lock = new();
    private volatile bool _hasEnded;
    private bool _isReaped; // guarded by _lock

    private ChildProcess(int id) => Id = id;

    /// <summary>Its process id.</summary>
    internal int Id { get; }

    /// <summary>How it ended, as shells count it: its exit code, or 128 and the signal; -1 if that cannot be known. Once it has.</summary>
    internal int ExitCode { get; private set; } = -1;

    /// <summary>Whether it has ended.</summary>
    internal bool HasEnded => _hasEnded;

    /// <summary>
    /// Starts a program by its path: 0 or an error number. <paramref name="ended"/> is called once, on a thread of its own, when it has
    /// ended. <paramref name="input"/> is its standard input, nothing without it; <paramref name="fourth"/> becomes its descriptor 3.
    /// </summary>
    internal static int Start(byte[] program, IReadOnlyList<byte[]> arguments, IReadOnlyList<byte[]> environment, int output, int error,
        Action ended, out ChildProcess? child, int input = -1, int fourth = -1)
    {
        child = null;
        byte* actions = stackalloc byte[Opaque], attributes = stackalloc byte[Opaque], all = stackalloc byte[Signals],
            none = stackalloc byte[Signals];
        new Span<byte>(none, Signals).Clear();
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        nint* argv = Strings([program, .. arguments]), envp = Strings(environment);
        try
        {
            _ = sigfillset(all);
            _ = posix_spawnattr_setsigdefault(attributes, all);
            _ = posix_spawnattr_setsigmask(attributes, none);
            _ = posix_spawnattr_setpgroup(attributes, 0);
            _ = posix_spawnattr_setflags(attributes, SetGroup | SetDefaults | SetMask);
            if (input >= 0) { _ = posix_spawn_file_actions_adddup2(actions, input, 0); }
            else
            {
                fixed (byte* nothing = "/dev/null\0"u8) { _ = posix_spawn_file_actions_addopen(actions, 0, nothing, Posix.O_RDONLY, 0); }
            }

            _ = posix_spawn_file_actions_adddup2(actions, output, 1);
            _ = posix_spawn_file_actions_adddup2(actions, error, 2);
            if (fourth >= 0) { _ = posix_spawn_file_actions_adddup2(actions, fourth, 3); }
            // All of ours close on exec anyway; this is for what whoever started us left open.
            try { _ = posix_spawn_file_actions_addclosefrom_np(actions, fourth >= 0 ? 4 : 3); }
            catch (EntryPointNotFoundException) { /* an older libc */ }

            int id = 0;
            int errno = posix_spawn(&id, (byte*)argv[0], actions, attributes, argv, envp);
            if (errno != 0) { return errno; }
            child = new ChildProcess(id);
            new Thread(child.Await) { IsBackground = true, Name = "child" }.Start(ended);
            return 0;
        }
        finally
        {
            Free(argv);
            Free(envp);
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>Sends it a signal, unless it has ended.</summary>
    internal void Signal(int signal)
    {
        lock (_lock)
        {
            if (!_isReaped) { _ = kill(Id, signal); }
        }
    }

    /// <summary>Sends it and all that it started and that stayed with it a signal, unless it has ended.</summary>
    internal void SignalGroup(int signal)
    {
        lock (_lock)
        {
            if (!_isReaped) { _ = kill(-Id, signal); }
        }
    }

    private void Await(object? ended)
    {
        // Seen first, and reaped under the lock: until then nobody else gets its number.
        byte* info = stackalloc byte[Signals];
        const int ById = 1, Exited = 4, NoWait = 0x1000000;
        while (waitid(ById, Id, info, Exited | NoWait) != 0 && Marshal.GetLastPInvokeError() == Errno.EINTR) { }
        lock (_lock)
        {
            int status = 0, reaped;
            do { reaped = waitpid(Id, &status, 0); } while (reaped < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            int signal = status & 0x7F;
            ExitCode = reaped != Id ? -1 : signal == 0 ? (status >> 8) & 0xFF : 128 + signal;
            _isReaped = true;
        }

        _hasEnded = true;
        ((Action)ended!)();
    }

    private static nint* Strings(IReadOnlyList<byte[]> texts)
    {
        var list = (nint*)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(nint));
        for (int i = 0; i < texts.Count; i++)
        {
            var text = (byte*)NativeMemory.AllocZeroed((nuint)texts[i].Length + 1);
            texts[i].CopyTo(new Span<byte>(text, texts[i].Length));
            list[i] = (nint)text;
        }

        return list;
    }

    private static void Free(nint* list)
    {
        for (int i = 0; list[i] != 0; i++) { NativeMemory.Free((void*)list[i]); }
        NativeMemory.Free(list);
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn(int* id, byte* path, byte* actions, byte* attributes, nint* argv, nint* envp);
    [LibraryImport("libc")] private static partial int posix_spawn_file_actions_init(byte* actions);
    [LibraryImport("libc")] private static partial int posix_spawn_file_actions_destroy(byte* actions);
    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, byte* path, int flags, uint mode);
    [LibraryImport("libc")] private static partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int to);
    [LibraryImport("libc")] private static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);
    [LibraryImport("libc")] private static partial int posix_spawnattr_init(byte* attributes);
    [LibraryImport("libc")] private static partial int posix_spawnattr_destroy(byte* attributes);
    [LibraryImport("libc")] private static partial int posix_spawnattr_setflags(byte* attributes, short flags);
    [LibraryImport("libc")] private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);
    [LibraryImport("libc")] private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);
    [LibraryImport("libc")] private static partial int posix_spawnattr_setpgroup(byte* attributes, int group);
    [LibraryImport("libc")] private static partial int sigfillset(byte* signals);
    [LibraryImport("libc", SetLastError = true)] private static partial int waitid(int type, int id, byte* info, int options);
    [LibraryImport("libc", SetLastError = true)] private static partial int waitpid(int id, int* status, int options);
    [LibraryImport("libc")] private static partial int kill(int process, int signal);
}
