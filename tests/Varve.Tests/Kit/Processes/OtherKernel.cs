using System.Diagnostics;

namespace Varve.Tests.Kit.Processes;

/// <summary>
/// A Linux kernel of its own, for what the machine's kernel may lack: user-mode Linux (Debian's package user-mode-linux), which is a
/// process. It sees the machine's files read-only, has memory file systems of its own, and one directory of the machine to write to.
/// Whatever the script makes in it, loop devices, volumes, mounts, ends with it.
/// </summary>
internal static class OtherKernel
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(25);

    /// <summary>
    /// Runs a bash script as the first process, with the program that ./varve built as $VARVE. Its output is returned. Fails the test if
    /// the script does, and skips it where there is no such kernel.
    /// </summary>
    internal static string Run(string script)
    {
        if (!File.Exists("/usr/bin/linux.uml")) { Assert.Skip("user-mode-linux is not installed"); }
        // Not below /dev, where it has files of its own, and where temporary files may lie.
        string shared = Directory.CreateDirectory("/tmp/varve-test-" + Guid.NewGuid().ToString("N")).FullName;
        try
        {
            Programs.Run("cp", "-rL", Path.GetDirectoryName(VarveProcess.Program)!, shared + "/program");
            File.Copy(script, shared + "/script");
            return Run(shared, Path.Combine(shared, "start"), Path.Combine(shared, "output"));
        }
        finally { Programs.Run("rm", "-rf", shared); }
    }

    private static string Run(string shared, string start, string output)
    {
        File.WriteAllText(start, $"""
            #!/bin/bash
            export PATH=/usr/sbin:/usr/bin:/sbin:/bin VARVE=/mnt/program/varve
            mount -t proc proc /proc
            mount -t sysfs sys /sys
            mount -t tmpfs tmpfs /tmp
            mount -t tmpfs run /run
            mount -t hostfs none /mnt -o {shared}
            for module in md/dm-mod md/dm-bufio md/dm-snapshot md/persistent-data/dm-persistent-data md/dm-bio-prison md/dm-thin-pool block/loop; do
                file=/usr/lib/uml/modules/$(uname -r)/kernel/drivers/$module.ko
                [ ! -f $file ] || insmod $file
            done
            # What it hangs on, said before the limit is over.
            (sleep 480; for process in /proc/[1-9]*; do
                echo "$process $(tr '\0' ' ' <$process/cmdline): $(cat $process/wchan)" | grep -v ' : '
            done) >>/mnt/output 2>&1 &
            bash /mnt/script >/mnt/output 2>&1 </dev/null
            echo "script ended with $?" >>/mnt/output
            sync
            echo o >/proc/sysrq-trigger
            sleep 60
            """);
        Programs.Run("chmod", "+x", start);
        string registers = Path.Combine(shared, "registers.so");
        Programs.Run("gcc", "-O2", "-shared", "-fPIC", "-o", registers, VarveProcess.Clone + "/tests/Varve.Tests/Kit/Processes/registers.c");
        // Each of its system calls changes between processes of the machine: beside busy ones it would wait for a processor each time.
        var info = new ProcessStartInfo("/usr/bin/nice",
            ["--adjustment=-15", "/usr/bin/env", "--default-signal", "LD_PRELOAD=" + registers, "setsid", "--wait", "/usr/bin/linux.uml",
            "mem=768M", "rootfstype=hostfs", "rootflags=/", "ro", $"uml_dir={shared}/uml", "init=" + start, "con=null", "con0=fd:0,fd:1", "quiet"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(info)!;
        process.StandardInput.Close();
        Task<string> console = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(s_limit);
        // Its processes are processes of the machine, in a group of their own.
        if (!ended) { Programs.Run("kill", "-KILL", "--", $"-{process.Id}"); }
        string said = File.Exists(output) ? File.ReadAllText(output) : "";
        Assert.True(ended && said.Contains("script ended with 0", StringComparison.Ordinal),
            $"the other kernel {(ended ? "" : "did not end, it ")}said:\n{said}\n{console.Result}\n{errors.Result}");
        return said;
    }
}
