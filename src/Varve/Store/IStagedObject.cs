using System.Diagnostics.CodeAnalysis;
using Varve.Model;

namespace Varve;

/// <summary>
/// An object that is written piece by piece before its name is known: packs, which are named by their bytes. Invisible until
/// <see cref="Commit"/>. Not thread-safe; disposing one that was not committed leaves nothing behind.
/// </summary>
[Experimental("VARVE001")]
public interface IStagedObject : IDisposable
{
    /// <summary>Adds bytes at the end; copies or writes what it is given.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Makes the object visible and durable under a key, as <see cref="IStore.Put"/> does: false if one of that key existed, which leaves
    /// it untouched.
    /// </summary>
    /// <exception cref="VarveException">Storage.</exception>
    bool Commit(string key);
}
