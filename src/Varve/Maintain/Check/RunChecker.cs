using Varve.Maintain.Findings;
using System.Buffers;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Store;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Maintain.Check;

/// <summary>
/// Checks that the stored index runs are what their names say: the cached copies were decrypted at some time, and tell nothing of that.
/// </summary>
internal static class RunChecker
{
    private const int PieceLength = 1 << 20;

    internal static void Run(IStore store, IndexSet index, Dictionary<string, long> objects, CheckFindings report,
        CancellationToken cancellationToken)
    {
        foreach (VarveException e in index.Damaged.Concat(index.DamagedCondemned)) { report.Add(e); }
        foreach ((string key, long length) in objects)
        {
            if (!key.StartsWith(ObjectKeys.Index, StringComparison.Ordinal)) { continue; }
            try
            {
                if (!ObjectKeys.TryName(key, out ObjectName name) || NameOf(store, key, length, cancellationToken) != name)
                {
                    report.Add(Subject.Object(key), "its bytes do not hash to its name");
                }
            }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { /* a prune removed it since it was listed */ }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { report.Add(Subject.Object(key), e); }
        }
    }

    private static ObjectName NameOf(IStore store, string key, long length, CancellationToken cancellationToken)
    {
        RunStore.RequireLength(key, length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stored = new ObjectStream(store, key, length) { Hash = hash };
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            do { cancellationToken.ThrowIfCancellationRequested(); } while (stored.Read(piece) > 0);
        }
        finally { ArrayPool<byte>.Shared.Return(piece); }

        return new ObjectName(hash.GetHashAndReset());
    }
}
