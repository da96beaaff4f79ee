using System.Diagnostics;
using Varve.Archives.Lists;
using Varve.Model.Bytes;
using Varve.Platform;

namespace Varve.Archives.Plan;

/// <summary>
/// A sort by coreutils' <c>sort</c>, which has its memory bounded and what does not fit in files of its own, which it removes: records
/// without NUL, in the order of their bytes. First all are put, then all are taken. Not thread-safe; dispose it.
/// </summary>
internal sealed class SortRun : IDisposable
{
    private const int Gathered = 64 << 10;
    private static readonly ListFormat s_records = new(ListLayout.Names, IsNull: true);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly ByteWriter _buffer = new(Gathered + 4096);
    private readonly Stream _input;
    private LineBuffer? _output;

    /// <param name="program">The path of <c>sort</c>.</param>
    /// <param name="directory">Where its files lie.</param>
    /// <param name="memory">What it may take, such as <c>64M</c>.</param>
    /// <exception cref="VarveException">Unsupported: it cannot be started.</exception>
    internal SortRun(string program, string directory, string memory)
    {
        var start = new ProcessStartInfo(program, ["-z", "-S", memory, "-T", directory])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        try { _process = Process.Start(start)!; }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.Program(program), $"cannot be run: {Errno.Message(e)}",
                Advice.InstallTool, e);
        }

        _errors = _process.StandardError.ReadToEndAsync();
        _input = _process.StandardInput.BaseStream;
    }

    /// <summary>The record that is being made: write it, then <see cref="Put"/>.</summary>
    internal ByteWriter Next => _buffer;

    /// <summary>The record is complete.</summary>
    /// <exception cref="VarveException">Storage: the program ended, as where its disk is full.</exception>
    internal void Put()
    {
        _buffer.U8(0);
        if (_buffer.Length >= Gathered) { Flush(); }
    }

    /// <summary>Takes the next record in order; false at the end. It holds until the next call.</summary>
    /// <exception cref="VarveException">Storage: the program failed.</exception>
    internal bool Take(out ReadOnlySpan<byte> record)
    {
        if (_output is null)
        {
            Flush();
            try { _input.Dispose(); }
            catch (IOException e) { throw Failed(e); }
            _output = new LineBuffer(_process.StandardOutput.BaseStream, "sort");
        }

        record = _output.Next(s_records, out _);
        if (!_output.IsAtEnd) { return true; }
        _process.WaitForExit();
        return _process.ExitCode == 0 ? false : throw Failed(null);
    }

    private void Flush()
    {
        try { _input.Write(_buffer.Written); }
        catch (IOException e) { throw Failed(e); }
        _buffer.Clear();
    }

    private VarveException Failed(IOException? e)
    {
        string said = _errors.GetAwaiter().GetResult().Trim();
        return new VarveException(ErrorKind.Storage, Subject.Program("sort"), $"failed: {(said.Length > 0 ? said : e?.Message)}",
            Advice.None, e);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
