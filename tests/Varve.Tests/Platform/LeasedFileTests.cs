using System.Diagnostics;
using System.Text;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Store;
using Varve.Tests.Kit;

namespace Varve.Tests.Platform;

/// <summary>
/// A file on which another process has a write lease, as a file server has for its clients: it gives the lease back when asked.
/// </summary>
public sealed class LeasedFileTests : IDisposable
{
    /// <summary>Says "held", and "asked" when somebody opens the file; gives the lease back when it may go on.</summary>
    private const string Holder = """
        import fcntl, os, signal, sys
        f = os.open(sys.argv[1], os.O_RDWR)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGIO])
        fcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        print('held', flush=True)
        signal.sigwait([signal.SIGIO])
        print('asked', flush=True)
        sys.stdin.readline()
        fcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        sys.stdin.readline()
        """;

    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void A_file_that_is_read_is_waited_for()
    {
        string path = System.IO.Path.Combine(_d.Path, "file");
        File.WriteAllText(path, "content");
        WhileHeld(path, () =>
        {
            Assert.Equal(0, EntryReader.OpenFile(_d.Fd, "file"u8, out SafeFd file));
            file.Close();
        });
    }

    [Fact]
    public void An_object_of_a_repository_that_a_file_server_serves_is_waited_for()
    {
        using LocalStore store = LocalStore.Create(System.IO.Path.Combine(_d.Path, "store"));
        string key = "keys/" + new string('a', 64);
        store.Put(key, "object"u8);
        WhileHeld(System.IO.Path.Combine(_d.Path, "store", key), () => Assert.Equal("object"u8.ToArray(), store.Get(key, 100)));
    }

    private static void WhileHeld(string path, Action read)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Holder, path])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.ASCII,
        };
        using Process holder = Process.Start(start)!;
        try
        {
            Assert.Equal("held", holder.StandardOutput.ReadLine());
            Exception? failure = null;
            var reader = new Thread(() => failure = Record.Exception(read));
            reader.Start();
            Assert.Equal("asked", holder.StandardOutput.ReadLine()); // it has been refused once
            holder.StandardInput.WriteLine();
            holder.StandardInput.Flush();
            reader.Join();
            Assert.Null(failure);
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
    }
}
