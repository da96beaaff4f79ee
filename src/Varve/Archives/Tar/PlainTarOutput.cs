using Varve.Archives.Output;

namespace Varve.Archives.Tar;

/// <summary>A tar as it is.</summary>
internal sealed class PlainTarOutput(OutputFile file) : ITarOutput
{
    /// <inheritdoc/>
    public Stream Stream => file;

    /// <inheritdoc/>
    public long Bound => file.Position;

    /// <inheritdoc/>
    public void Settle()
    {
    }

    /// <inheritdoc/>
    public void Reserve(int length) => file.Write(new byte[length]);

    /// <inheritdoc/>
    public void Finish(ReadOnlySpan<byte> beginning) => file.Patch(0, beginning);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
