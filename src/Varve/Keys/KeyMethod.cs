namespace Varve.Keys;

/// <summary>What opens a key slot.</summary>
internal enum KeyMethod
{
    /// <summary>A password, through scrypt.</summary>
    Password,
    /// <summary>A key file.</summary>
    KeyFile,
}
