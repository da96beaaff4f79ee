using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Varve.Tests.Kit.Terminals;

/// <summary>
/// A terminal of the system: the test has one end, and what is written to the other is read here, as a terminal emulator does. Closing it
/// is what closing a window is.
/// </summary>
internal sealed class Pty : IDisposable
{
    private const ulong SetSize = 0x5414; // TIOCSWINSZ
    private const int ReadWrite = 2, NoControl = 0x100, CloseOnExec = 0x80000;

    private readonly FileStream _master;
    private readonly StringBuilder _text = new(); // guarded by itself, as is _marks
    private readonly Thread _reader;
    private readonly FileStream _held;
    private int _marks;

    public Pty(int columns)
    {
        int master = posix_openpt(ReadWrite | NoControl | CloseOnExec);
        Assert.True(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0, "there is no pty to be had");
        var name = new byte[64];
        Assert.Equal(0, ptsname_r(master, name, (nuint)name.Length));
        Name = Encoding.ASCII.GetString(name.AsSpan(0, Array.IndexOf(name, (byte)0)));
        var size = new Size { Rows = 40, Columns = (ushort)columns };
        Assert.Equal(0, ioctl(master, SetSize, ref size));
        _master = new FileStream(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        // As long as one has it open, the end of one program is no end of the terminal.
        _held = new FileStream(Name, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _reader = new Thread(Read) { IsBackground = true, Name = "pty" };
        _reader.Start();
    }

    /// <summary>The program's end: <c>/dev/pts/5</c>.</summary>
    public string Name { get; }

    /// <summary>What a shell redirects all three streams of a program with.</summary>
    public string Redirections => string.Create(CultureInfo.InvariantCulture, $"<{Name} >{Name} 2>{Name}");

    /// <summary>All that was written so far.</summary>
    public string Text
    {
        get
        {
            lock (_text) { return _text.ToString(); }
        }
    }

    /// <summary>Everything that was written until now: a program that has ended wrote it, and it may not be read yet.</summary>
    public string AllText()
    {
        lock (_text) { _marks++; }
        _held.Write([TerminalMark.Byte]);
        Poll.Until(() => { lock (_text) { return _marks == 0; } }, "what was written is read");
        return Text;
    }

    /// <summary>Waits until what was written satisfies a condition.</summary>
    public string Await(Func<string, bool> condition, string what, Process process)
    {
        Poll.Until(() => condition(Text) || process.HasExited, what);
        Poll.Until(() => condition(Text), $"{what}; it ended, and wrote:\n{Text}");
        return Text;
    }

    /// <summary>The window is closed: whatever uses the terminal finds that it is gone.</summary>
    public void Close()
    {
        _held.Dispose();
        _master.Dispose();
    }

    public void Dispose() => Close();

    private void Read()
    {
        var buffer = new byte[4096];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        var text = new char[4096];
        while (true)
        {
            int length;
            try { length = _master.Read(buffer); }
            catch (Exception e) when (e is IOException or ObjectDisposedException) { return; }
            if (length == 0) { return; }
            int characters = decoder.GetChars(buffer.AsSpan(0, length), text, flush: false);
            lock (_text) { _marks -= TerminalMark.Append(_text, text.AsSpan(0, characters)); }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Size
    {
        public ushort Rows, Columns, Width, Height;
    }

    [DllImport("libc", SetLastError = true)] private static extern int posix_openpt(int flags);
    [DllImport("libc", SetLastError = true)] private static extern int grantpt(int master);
    [DllImport("libc", SetLastError = true)] private static extern int unlockpt(int master);
    [DllImport("libc", SetLastError = true)] private static extern int ptsname_r(int master, byte[] name, nuint length);
    [DllImport("libc", SetLastError = true)] private static extern int ioctl(int descriptor, ulong request, ref Size size);
}
