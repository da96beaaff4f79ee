using Varve.Store;

namespace Varve.App.Serve;

/// <summary>How large a repository may become by what somebody puts into it. Thread-safe.</summary>
/// <param name="most">Bytes of all objects together, whoever put them.</param>
/// <param name="usage">What the repository has.</param>
internal sealed class ServeQuota(long most, StoreUsage usage)
{
    /// <summary>How many bytes there may be.</summary>
    internal long Most => most;

    /// <summary>Takes room for an object; false if there is none. <see cref="Settle"/> gives it back.</summary>
    internal bool Take(IStore store, long length) => usage.Take(store, length, most);

    /// <summary>Says what became of an object that room was taken for.</summary>
    internal void Settle(long length, bool isStored) => usage.Settle(length, isStored);
}
