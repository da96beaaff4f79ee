namespace Varve.Store;

/// <summary>An object as a listing shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct StoreObject(string Key, long Length);
