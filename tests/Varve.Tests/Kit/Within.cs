using System.Runtime.ExceptionServices;
using System.Text;

namespace Varve.Tests.Kit;

/// <summary>Runs what might hang: after its time is up the test fails and says what each thread of the process was doing.</summary>
internal static class Within
{
    /// <summary>Far beyond what anything here takes, on a busy machine too: only a deadlock reaches it.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>For what works through the kernel tree many times.</summary>
    internal static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(30);

    internal static void Run(Action action) => Run(Limit, action);

    /// <summary>What <paramref name="also"/> knows is said with a failure; it is asked on another thread than the action's.</summary>
    internal static void Run(TimeSpan limit, Action action, Func<string>? also = null) => Run(limit, () =>
    {
        action();
        return true;
    }, also);

    internal static T Run<T>(Func<T> action) => Run(Limit, action, null);

    private static T Run<T>(TimeSpan limit, Func<T> action, Func<string>? also)
    {
        T result = default!;
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try { result = action(); }
            catch (Exception e) { error = ExceptionDispatchInfo.Capture(e); }
        })
        { IsBackground = true, Name = "test body" };
        thread.Start();
        if (!thread.Join(limit)) { Assert.Fail($"Nothing came of it in {limit}.\n{Threads(Environment.ProcessId)}{also?.Invoke()}"); }
        error?.Throw();
        return result;
    }

    /// <summary>Name, state and system call of every thread: the stages name theirs, so this shows who waits.</summary>
    internal static string Threads(int process)
    {
        var text = new StringBuilder();
        foreach (string task in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            text.Append(Path.GetFileName(task)).Append(' ').Append(Read(task, "comm")).Append(": ").Append(Read(task, "wchan")).Append(", ")
                .AppendLine(Read(task, "syscall"));
        }

        return text.ToString();
    }

    private static string Read(string task, string file)
    {
        try { return File.ReadAllText(Path.Combine(task, file)).Trim(); }
        catch (IOException) { return "?"; }
    }
}
