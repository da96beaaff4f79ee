namespace Varve.Model;

/// <summary>One extended attribute: name with namespace (bytes, without NUL) and value.</summary>
internal readonly record struct Xattr(byte[] Name, byte[] Value);
