using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Varve.Tests.Kit.Processes;

/// <summary>
/// Runs code as a user without rights where tests run as root: on a thread whose file system user is "nobody" until it ends.
/// </summary>
public static class AsUser
{
    public const uint Nobody = 65534;

    public static bool IsRoot => geteuid() == 0;

    public static void Run(Action action)
    {
        Assert.SkipUnless(IsRoot, "needs root");
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            _ = setfsgid(Nobody);
            _ = setfsuid(Nobody);
            try { action(); }
            catch (Exception e) { error = ExceptionDispatchInfo.Capture(e); }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
    }

    [DllImport("libc")] private static extern uint geteuid();
    [DllImport("libc")] private static extern int setfsuid(uint uid);
    [DllImport("libc")] private static extern int setfsgid(uint gid);
}
