using Varve.Archives.Zip;

namespace Varve.Fuzz.Targets;

/// <summary>An archive in memory.</summary>
internal sealed class MemoryBytes(byte[] bytes) : IRandomBytes
{
    public long Length => bytes.Length;

    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || into.Length > bytes.Length - offset) { throw VarveException.Damaged(Subject.None, "it is cut short"); }
        bytes.AsSpan((int)offset, into.Length).CopyTo(into);
    }
}
