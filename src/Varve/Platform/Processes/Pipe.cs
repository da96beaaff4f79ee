using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Varve.Model;

namespace Varve.Platform.Processes;

/// <summary>
/// A pipe whose ends no program inherits that this process starts, but by being handed one: so who reads it knows when this process is
/// gone, however that ended. Not thread-safe.
/// </summary>
internal sealed unsafe partial class Pipe : IDisposable
{
    private const int CloseOnExec = 0x80000;

    private SafeFd _reading, _writing;

    private Pipe(SafeFd reading, SafeFd writing) => (_reading, _writing) = (reading, writing);

    /// <summary>The end that is read from.</summary>
    internal int Reading => _reading.Value;

    /// <summary>The end that is written to.</summary>
    internal int Writing => _writing.Value;

    /// <summary>Makes one: 0 or an error number.</summary>
    internal static int Open(out Pipe? pipe)
    {
        int* ends = stackalloc int[2];
        pipe = null;
        if (pipe2(ends, CloseOnExec) != 0) { return Marshal.GetLastPInvokeError(); }
        pipe = new Pipe(new SafeFd(ends[0]), new SafeFd(ends[1]));
        return 0;
    }

    /// <summary>Closes the end that is read from: another process has it.</summary>
    internal void CloseReading()
    {
        _reading.Close();
        _reading = default;
    }

    /// <summary>Closes the end that is written to: who reads comes to the end.</summary>
    internal void CloseWriting()
    {
        _writing.Close();
        _writing = default;
    }

    /// <summary>The end that is read from as a stream, which has it from now on.</summary>
    internal FileStream TakeReading()
    {
        var stream = new FileStream(new SafeFileHandle(Reading, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        _reading = default;
        return stream;
    }

    /// <summary>The end that is written to as a stream, which has it from now on.</summary>
    internal FileStream TakeWriting()
    {
        var stream = new FileStream(new SafeFileHandle(Writing, ownsHandle: true), FileAccess.Write, bufferSize: 0);
        _writing = default;
        return stream;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseReading();
        CloseWriting();
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int pipe2(int* ends, int flags);
}
