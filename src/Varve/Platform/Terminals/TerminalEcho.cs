using System.Runtime.InteropServices;

namespace Varve.Platform.Terminals;

/// <summary>
/// Keeps a terminal from showing what is typed. The terminal goes on to edit a line and to make signals of keys. Thread-safe: signals are
/// heard on other threads than that which waits for the line. Disposing shows again what is typed, for good.
/// </summary>
/// <param name="terminal">Its descriptor, which stays its owner's.</param>
internal sealed unsafe partial class TerminalEcho(int terminal) : IDisposable
{
    // struct termios: words of input, output, control and local flags, then what is not looked at. More than any libc has.
    private const int Words = 64, Input = 0, Local = 3;

    private readonly uint[] _before = new uint[Words];
    private readonly Lock _lock = new();
    private bool _isOff, _isOver;

    /// <summary>
    /// Turns it off, and forgets what was typed before, which was shown: it is no answer to what is asked now. Does nothing if it is off,
    /// or once this is disposed. 0 or an error number.
    /// </summary>
    internal int TurnOff()
    {
        const uint ICRNL = 0x100, ISIG = 1, ICANON = 2, ECHO = 8, ECHONL = 0x40;
        const int TCSAFLUSH = 2;
        lock (_lock)
        {
            if (_isOff || _isOver) { return 0; }
            fixed (uint* before = _before)
            {
                if (tcgetattr(terminal, before) != 0) { return Marshal.GetLastPInvokeError(); }
            }

            uint* now = stackalloc uint[Words];
            _before.CopyTo(new Span<uint>(now, Words));
            now[Input] |= ICRNL;
            now[Local] = (now[Local] & ~(ECHO | ECHONL)) | ISIG | ICANON;
            int errno = Set(TCSAFLUSH, now);
            _isOff = errno == 0;
            return errno;
        }
    }

    /// <summary>Makes the terminal as it was, if the echo is off.</summary>
    internal void Restore()
    {
        const int TCSANOW = 0;
        lock (_lock)
        {
            if (!_isOff) { return; }
            fixed (uint* before = _before) { _ = Set(TCSANOW, before); }
            _isOff = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            Restore();
            _isOver = true;
        }
    }

    // Each time that the process is stopped here, because it is in the background, it is interrupted.
    private int Set(int when, uint* modes)
    {
        int result;
        do { result = tcsetattr(terminal, when, modes); } while (result != 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return result == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int tcgetattr(int fd, uint* modes);
    [LibraryImport("libc", SetLastError = true)] private static partial int tcsetattr(int fd, int when, uint* modes);
}
