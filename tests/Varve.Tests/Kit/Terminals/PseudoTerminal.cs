using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Varve.Tests.Kit.Terminals;

/// <summary>
/// A terminal as a program sees it: who starts one redirects what it needs to <see cref="Path"/>. What is typed is echoed by the kernel,
/// unless the program says otherwise. Disposing hangs up.
/// </summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2, NoControl = 0x100;
    private const ulong SetWindow = 0x5414, GetNumber = 0x80045430, Unlock = 0x40045431;

    private readonly FileStream _master;
    private readonly StringBuilder _text = new(); // guarded by itself, as is _marks
    private readonly Thread _reader;
    private int _marks;

    internal PseudoTerminal(int columns, int rows = 40)
    {
        int fd = open("/dev/ptmx", ReadWrite | NoControl);
        Assert.True(fd >= 0, "no pseudo terminal");
        int zero = 0, number = 0;
        Assert.Equal(0, ioctl(fd, Unlock, ref zero));
        Assert.Equal(0, ioctl(fd, GetNumber, ref number));
        long size = (uint)rows | ((long)columns << 16); // ws_row, ws_col, and two that nobody uses
        Assert.Equal(0, ioctl(fd, SetWindow, ref size));
        Path = $"/dev/pts/{number}";
        // Held open, so that it is not gone before the program comes and what it wrote is there when it has ended.
        _slave = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _master = new FileStream(new SafeFileHandle(fd, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    private readonly FileStream _slave;

    /// <summary>Its name.</summary>
    internal string Path { get; }

    /// <summary>Redirections of all three standard streams, as a shell has them.</summary>
    internal string All => $"<{Path} >{Path} 2>{Path}";

    /// <summary>Everything that was shown so far, with what the terminal makes of it: lines end in CR LF.</summary>
    internal string Text { get { lock (_text) { return _text.ToString(); } } }

    /// <summary>Whether it shows what is typed.</summary>
    internal bool Echoes
    {
        get
        {
            const int LocalFlags = 3, Echo = 8;
            var modes = new uint[64]; // more than a struct termios of any libc
            Assert.Equal(0, tcgetattr((int)_slave.SafeFileHandle.DangerousGetHandle(), modes));
            return (modes[LocalFlags] & Echo) != 0;
        }
    }

    /// <summary>Everything that was written until now: a program that has ended wrote it, and it may not be read yet.</summary>
    internal string AllText()
    {
        lock (_text) { _marks++; }
        _slave.Write([TerminalMark.Byte]);
        Poll.Until(() => { lock (_text) { return _marks == 0; } }, "what was written is read");
        return Text;
    }

    /// <summary>Waits until that was shown so many times.</summary>
    internal void Await(string text, int times = 1) => Poll.Until(() => Text.Split(text).Length > times, $"'{text}' in: {Text}");

    /// <summary>Waits for a question and answers it with a line.</summary>
    internal void Answer(string question, string line, int times = 1)
    {
        Await(question, times);
        Type(line + "\n");
    }

    /// <summary>What a hand types.</summary>
    internal void Type(string text) => _master.Write(Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        _slave.Dispose();
        _reader.Join();
        _master.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[4096];
        var decoder = new UTF8Encoding(false).GetDecoder();
        var letters = new char[buffer.Length + 1];
        try
        {
            while (_master.Read(buffer) is > 0 and var length)
            {
                int count = decoder.GetChars(buffer, 0, length, letters, 0);
                lock (_text) { _marks -= TerminalMark.Append(_text, letters.AsSpan(0, count)); }
            }
        }
        catch (IOException)
        {
            // EIO: nobody has it open any more.
        }
    }

    [DllImport("libc", SetLastError = true)] private static extern int open(string path, int flags);
    [DllImport("libc", SetLastError = true)] private static extern int tcgetattr(int fd, [Out] uint[] modes);
    [DllImport("libc", SetLastError = true)] private static extern int ioctl(int fd, ulong request, ref int argument);
    [DllImport("libc", SetLastError = true)] private static extern int ioctl(int fd, ulong request, ref long argument);
}
