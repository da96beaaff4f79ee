using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Platform.Zstd;

/// <summary>
/// libzstd as function pointers. It is loaded by hand, not by LibraryImport, so that its absence is one clear error at the first use and so
/// that <c>VARVE_LIBZSTD</c> can name another file. Immutable, thread-safe; never unloaded.
/// </summary>
internal sealed unsafe class ZstdLibrary
{
    internal const string DefaultName = "libzstd.so.1";
    internal const string Variable = "VARVE_LIBZSTD";

    // ZSTD_cParameter numbers of zstd.h.
    internal const int CompressionLevel = 100, WindowLog = 101, HashLog = 102, ContentSizeFlag = 200, ChecksumFlag = 201;

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer, which have the same fields.</summary>
    internal struct Buffer
    {
        internal byte* Bytes;
        internal nuint Length, Position;
    }

    private static readonly Lock Gate = new();
    private static ZstdLibrary? _shared;

    internal readonly delegate* unmanaged<nint> CreateCompressor;
    internal readonly delegate* unmanaged<nint, nuint> FreeCompressor;
    internal readonly delegate* unmanaged<nint, int, int, nuint> SetParameter;
    internal readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint> Compress;
    internal readonly delegate* unmanaged<nuint, nuint> Bound;
    internal readonly delegate* unmanaged<nint> CreateDecompressor;
    internal readonly delegate* unmanaged<nint, nuint> FreeDecompressor;
    internal readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint> Decompress;
    internal readonly delegate* unmanaged<nint, Buffer*, Buffer*, nuint> DecompressStream;
    internal readonly delegate* unmanaged<byte*, nuint, nuint> FindFrameSize;
    private readonly delegate* unmanaged<nuint, uint> _isError;
    private readonly delegate* unmanaged<nuint, byte*> _errorName;

    private ZstdLibrary(nint handle)
    {
        CreateCompressor = (delegate* unmanaged<nint>)NativeLibrary.GetExport(handle, "ZSTD_createCCtx");
        FreeCompressor = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(handle, "ZSTD_freeCCtx");
        SetParameter = (delegate* unmanaged<nint, int, int, nuint>)NativeLibrary.GetExport(handle, "ZSTD_CCtx_setParameter");
        Compress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint>)NativeLibrary.GetExport(handle, "ZSTD_compress2");
        Bound = (delegate* unmanaged<nuint, nuint>)NativeLibrary.GetExport(handle, "ZSTD_compressBound");
        CreateDecompressor = (delegate* unmanaged<nint>)NativeLibrary.GetExport(handle, "ZSTD_createDCtx");
        FreeDecompressor = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(handle, "ZSTD_freeDCtx");
        Decompress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint>)NativeLibrary.GetExport(handle, "ZSTD_decompressDCtx");
        DecompressStream = (delegate* unmanaged<nint, Buffer*, Buffer*, nuint>)NativeLibrary.GetExport(handle, "ZSTD_decompressStream");
        FindFrameSize = (delegate* unmanaged<byte*, nuint, nuint>)NativeLibrary.GetExport(handle, "ZSTD_findFrameCompressedSize");
        _isError = (delegate* unmanaged<nuint, uint>)NativeLibrary.GetExport(handle, "ZSTD_isError");
        _errorName = (delegate* unmanaged<nuint, byte*>)NativeLibrary.GetExport(handle, "ZSTD_getErrorName");
    }

    /// <summary>The library of this process, loaded at the first use: <c>VARVE_LIBZSTD</c> if set, else libzstd.so.1.</summary>
    /// <exception cref="VarveException">Unsupported: it is missing or too old. The next call tries again.</exception>
    internal static ZstdLibrary Shared
    {
        get
        {
            lock (Gate)
            {
                return _shared ??= Load(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : DefaultName);
            }
        }
    }

    /// <summary>Loads a library by file name or path.</summary>
    /// <exception cref="VarveException">Unsupported: it is missing or lacks a function.</exception>
    internal static ZstdLibrary Load(string name)
    {
        try { return new ZstdLibrary(NativeLibrary.Load(name)); }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.Program(name), "is missing", Advice.InstallZstd, e);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.Program(name), "is too old", Advice.InstallZstd, e);
        }
    }

    /// <summary>True if a function's result is an error code, not a size.</summary>
    internal bool IsError(nuint result) => _isError(result) != 0;

    /// <summary>zstd's words for an error code.</summary>
    internal string ErrorName(nuint result) => Marshal.PtrToStringUTF8((nint)_errorName(result)) ?? "unknown error";
}
