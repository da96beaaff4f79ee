using System.Diagnostics.CodeAnalysis;
using Varve.Model;
using Varve.Store;

namespace Varve;

/// <summary>
/// The object store a repository lies in. It asks for no more than S3 gives: whole objects that are never overwritten, ranges, listings,
/// deletion.
/// </summary>
/// <remarks>
/// Contract, the same for every store (tests/Varve.Tests/Contract/StoreContract.cs):
/// 1. Calls are synchronous: a store across a network blocks the calling thread. Concurrency is the callers' own threads; every method may
/// be called by any number of them at once.
/// 2. What a method returned from is durable (Put, Replace). An object is visible whole or not at all, also to other processes and after a
/// crash.
/// 3. Absence is a result, everything else that goes wrong throws <see cref="VarveException"/>: Damaged when one object is shorter or
/// longer than it must be, or cannot be read for whatever reason while the store as such answers; Storage when the store failed. Stores
/// retry by themselves what is worth retrying; callers do not.
/// 4. Keys are checked by <see cref="StoreKey"/>; a bad one is a mistake of the caller, <see cref="ArgumentException"/>.
/// </remarks>
[Experimental("VARVE001")]
public interface IStore
{
    /// <summary>Where it is, for messages: a path or URL, without secrets.</summary>
    string Description { get; }

    /// <summary>Whether the object exists, and its length in bytes.</summary>
    bool TryGetLength(string key, out long length);

    /// <summary>
    /// Stores a whole object unless one of that key exists; false if it did, which leaves it untouched. Either way the object is durable
    /// when this returns. Of several concurrent calls for one key exactly one returns true. After an exception the object is there whole or
    /// not at all; repeating the call is safe.
    /// </summary>
    bool Put(string key, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Stores a whole object in place of one that may exist. Only for mutable keys (<see cref="StoreKey.IsMutable"/>). Readers see the old
    /// or the new one.
    /// </summary>
    void Replace(string key, ReadOnlySpan<byte> bytes);

    /// <summary>A whole object, or null if there is none. One longer than <paramref name="maxLength"/> is Damaged, and not read.</summary>
    byte[]? Get(string key, long maxLength);

    /// <summary>
    /// Fills <paramref name="destination"/> with the object's bytes from <paramref name="offset"/> on and returns its length. Damaged
    /// ("truncated") if the object ends before; NotFound if there is none. An object that is deleted meanwhile may still be served.
    /// </summary>
    int GetRange(string key, long offset, Span<byte> destination);

    /// <summary>
    /// All objects whose key begins with <paramref name="prefix"/> (not necessarily a whole component; empty for all), in no particular
    /// order. Any failure throws, be it in the middle: a listing that ends is complete (invariant 4). Objects put or deleted meanwhile may
    /// or may not be in it; one that is replaced meanwhile is: a live session is never overlooked.
    /// </summary>
    IEnumerable<StoreObject> List(string prefix);

    /// <summary>
    /// As <see cref="List(string)"/>, for those who go on with what there is: a part of the store that cannot be listed, while the rest
    /// can, is told to <paramref name="unreadable"/> as damage of a key that ends with a slash, below which all may be missing.
    /// </summary>
    IEnumerable<StoreObject> List(string prefix, Action<VarveException> unreadable) => List(prefix);

    /// <summary>
    /// Starts an object that is written piece by piece and named at its end. The caller disposes it. A store that takes whole objects only
    /// keeps the pieces in memory.
    /// </summary>
    IStagedObject Stage() => new BufferedObject(this);

    /// <summary>
    /// Removes what writers that are gone left unfinished, if the store can have such; returns how many. Never touches what is being
    /// written.
    /// </summary>
    int CleanUp() => 0;

    /// <summary>Removes an object; false if there was none. A crash may bring it back.</summary>
    bool Delete(string key);

    /// <summary>
    /// Removes objects, as far as they are there; when this returns, no crash brings one of them back. How many there were; a store that is
    /// not told counts all. In a store whose <see cref="Delete(string)"/> is durable, that is enough.
    /// </summary>
    int Delete(IReadOnlyCollection<string> keys)
    {
        int removed = 0;
        foreach (string key in keys) { removed += Delete(key) ? 1 : 0; }
        return removed;
    }

    /// <summary>
    /// How late a listing may be: it shows every object that was put so long before it and not removed; of what was put or removed later
    /// it may show the state before. Zero where listings show what is.
    /// </summary>
    TimeSpan Lateness => TimeSpan.Zero;

    /// <summary>
    /// Whether <see cref="Put"/> replaces nothing. Where the service knows no conditions that hold, it may: of several calls for one key
    /// more than one returns true then, and the bytes of one of them are there. For names that are hashes of the bytes that is the same.
    /// </summary>
    bool PutsOnce => true;

    /// <summary>
    /// Whether nothing takes effect any more once its caller is gone. Of a request to another machine whose answer was lost nobody knows.
    /// </summary>
    bool EndsWithCaller => true;

    /// <summary>How many bytes can still be stored; null where nobody knows.</summary>
    long? FreeBytes() => null;
}
