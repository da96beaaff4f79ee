using System.Globalization;
using Varve.App.Invocation;
using Varve.App.Output;
using Varve.Archives.Plan;
using Varve.Model.Bytes;

namespace Varve.App.Commands.Archives;

/// <summary>Where the lists of a plan go: standard output, a file, or a file for each volume; and one for duplicates. Dispose it.</summary>
internal sealed class PlanFiles : IPlanOutput, IDisposable
{
    private const int Gathered = 64 << 10;

    private readonly CommandContext _context;
    private readonly PlanFormat _format;
    private readonly string? _output;
    private readonly bool _hasVolumes;
    private readonly Stream? _duplicates;
    private readonly ByteWriter _lines = new(Gathered + 4096), _losers = new(Gathered + 4096);
    private Stream? _stream;
    private int _volume;

    /// <exception cref="VarveException">Storage: a file cannot be made.</exception>
    internal PlanFiles(CommandContext context, PlanFormat format, string? output, bool hasVolumes, string? duplicates)
    {
        (_context, _format, _output, _hasVolumes) = (context, format, output, hasVolumes);
        _duplicates = duplicates is null ? null : Make(duplicates);
        if (!hasVolumes) { _stream = output is null ? new DumpStream(context.Out) : Make(output); }
    }

    /// <summary>Files that the format had no room for.</summary>
    internal long Refused { get; private set; }

    /// <inheritdoc/>
    public void Due(in PlanFile file)
    {
        if (_hasVolumes && file.Volume != _volume)
        {
            Flush(_lines, _stream);
            _stream?.Dispose();
            _volume = file.Volume;
            _stream = Make(string.Create(CultureInfo.InvariantCulture, $"{_output}.{_volume}"));
        }

        Write(_lines, _stream!, in file);
    }

    /// <inheritdoc/>
    public void Duplicate(in PlanFile file)
    {
        if (_duplicates is not null) { Write(_losers, _duplicates, in file); }
    }

    /// <summary>Hands over the rest.</summary>
    /// <exception cref="VarveException">Storage: it cannot be written.</exception>
    internal void Finish()
    {
        Flush(_lines, _stream);
        Flush(_losers, _duplicates);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _duplicates?.Dispose();
    }

    private void Write(ByteWriter into, Stream stream, in PlanFile file)
    {
        if (PlanLine.Write(into, _format, in file) is { } wrong)
        {
            if (Refused++ < FailureText.Printed) { _context.Say(new Failure(file.Actual.ToArray(), FailedOperation.Write, 0, wrong)); }
            return;
        }

        if (into.Length >= Gathered) { Flush(into, stream); }
    }

    private static void Flush(ByteWriter lines, Stream? stream)
    {
        if (lines.Length == 0) { return; }
        try { stream!.Write(lines.Written); }
        catch (IOException e)
        {
            throw new VarveException(ErrorKind.Storage, Subject.None, "a list cannot be written: " + e.Message, Advice.None, e);
        }

        lines.Clear();
    }

    private static FileStream Make(string file)
    {
        try { return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Path(file), "cannot be made: " + e.Message, Advice.ChooseOtherPath, e);
        }
    }
}
