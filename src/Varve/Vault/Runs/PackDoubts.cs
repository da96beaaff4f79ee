using Varve.Lookup;
using Varve.Model;
using Varve.Vault.Avoid;

namespace Varve.Vault.Runs;

/// <summary>
/// Which packs a writer must not rely on unseen: those that another identity signed for, or nobody, unless they were verified. Not
/// thread-safe, but for <see cref="CanVerify"/> and <see cref="Settle"/>: else the index set's lock is held.
/// </summary>
internal sealed class PackDoubts(FalsePlaces known, WriterIdentity? own)
{
    private readonly Lock _verifying = new();
    private PackTrust _trust;
    private volatile Func<RunPack, PackVerdict>? _verify;

    /// <summary>Whether packs can be verified, instead of being left alone.</summary>
    internal bool CanVerify => _verify is not null;

    /// <summary>For the rules of look-ups; null if nothing is doubted.</summary>
    internal Func<RunOrigin, RunPack, bool>? Rule => _trust == PackTrust.All ? null : IsDoubted;

    /// <summary>What holds from now on.</summary>
    internal void Set(PackTrust trust, Func<RunPack, PackVerdict>? verify) => (_trust, _verify) = (trust, verify);

    /// <summary>Whether a pack was not verified yet.</summary>
    internal bool IsOpen(in RunPack pack) => !known.IsVerified(pack.Name, pack.Listed);

    /// <summary>Verifies a pack, unless another thread did so meanwhile: all may come to the same one at once.</summary>
    internal void Settle(IndexSet index, in RunPack pack)
    {
        lock (_verifying)
        {
            if (index.IsDoubted(pack)) { index.Settle(in pack, _verify?.Invoke(pack) ?? PackVerdict.Unreadable); }
        }
    }

    private bool IsDoubted(RunOrigin origin, RunPack pack)
    {
        // Who supersedes others' runs signs for packs that others made.
        bool isOwn = origin.Signature == SignatureState.Valid && origin.Signer == own?.Uid && origin.Superseded.Length == 0;
        return !isOwn && (_verify is null || IsOpen(in pack));
    }
}
