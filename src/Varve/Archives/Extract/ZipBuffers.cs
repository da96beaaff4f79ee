namespace Varve.Archives.Extract;

/// <summary>What a thread that extracts keeps from one entry to the next. One thread.</summary>
internal sealed class ZipBuffers
{
    /// <summary>A short entry as it stands in the archive.</summary>
    internal byte[] Packed = [];

    /// <summary>Content: at least 256 KiB, and all of a small file with one byte to spare.</summary>
    internal byte[] Content = GC.AllocateUninitializedArray<byte>(256 << 10);
}
