using System.IO.Compression;
using Varve.Archives.Zip;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Zstd;

namespace Varve.Archives.Extract;

/// <summary>
/// Extracts an archive, whoever made it: zip, tar, tar.gz and tar.zst are told by what they begin with. Nothing is written outside the
/// target or through a link, nothing that is there is replaced. What is wrong with one entry is data, and all else is extracted. Stateless.
/// </summary>
internal static class Extractor
{
    /// <summary>Extracts.</summary>
    /// <exception cref="VarveException">NotFound: no archive. Unsupported: it is none of these. Damaged: a zip whose directory makes no
    /// sense. Usage: more than the limits allow. Storage: the target.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was written is left.</exception>
    internal static ExtractResult Run(ExtractOptions options, ExtractTally tally, CancellationToken cancelled)
    {
        long began = options.Time.GetTimestamp();
        using ArchiveBytes file = ArchiveBytes.Open(options.Archive);
        var head = new byte[(int)Math.Min(file.Length, 512)];
        file.Read(0, head);
        using ExtractTarget target = head is [(byte)'P', (byte)'K', ..] ? RunZip(file, options, tally, cancelled)
            : RunTar(file, head, options, tally, cancelled);
        target.Finish();
        (Failure[] failures, long count) = target.Failures;
        TimeSpan elapsed = options.Time.GetElapsedTime(began);
        return new ExtractResult(tally.Files, tally.Directories, tally.Others, tally.Bytes, failures, count, target.Losses, elapsed)
        {
            LacksMetadata = Posix.EffectiveUser() == 0 && target.Losses.Count > 0,
        };
    }

    private static ExtractTarget RunZip(ArchiveBytes file, ExtractOptions options, ExtractTally tally, CancellationToken cancelled)
    {
        var refused = new List<(byte[] Path, string Why)>();
        List<(ZipEntry, byte[][])> entries;
        try { entries = ZipExtraction.Plan(file, options, (path, why) => refused.Add((path, why))); }
        catch (VarveException e) { throw e.At(Subject.Path(options.Archive)); }
        return With(new ExtractTarget(options), target =>
        {
            foreach ((byte[] path, string why) in refused) { target.Fail(path, why); }
            new ZipExtraction(file, options, target, tally).Run(entries, cancelled);
        });
    }

    private static ExtractTarget RunTar(ArchiveBytes file, byte[] head, ExtractOptions options, ExtractTally tally,
        CancellationToken cancelled)
    {
        Stream input = new BufferedStream(new ByteSlice(file, 0, file.Length), 1 << 20);
        bool isTar = head.Length == 512 && (head.AsSpan(257, 5).SequenceEqual("ustar"u8) || head[156] is 0 or (>= (byte)'0' and <= (byte)'7'));
        switch (head)
        {
            case [0x1F, 0x8B, ..]: input = new GZipStream(input, CompressionMode.Decompress); break;
            case [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..]: input = new ZstdReadStream(input); break;
            default:
                if (isTar) { break; }
                throw new VarveException(ErrorKind.Unsupported, Subject.Path(options.Archive), "is no zip, tar, tar.gz or tar.zst");
        }

        using (input)
        {
            return With(new ExtractTarget(options), target => new TarExtraction(input, file.Length, options, target, tally).Run(cancelled));
        }
    }

    private static ExtractTarget With(ExtractTarget target, Action<ExtractTarget> run)
    {
        try
        {
            run(target);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }
}
