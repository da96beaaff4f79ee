using System.Diagnostics.CodeAnalysis;

namespace Varve;

/// <summary>An object as a listing shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Bytes.</param>
[Experimental("VARVE001")]
public readonly record struct StoreObject(string Key, long Length);
