namespace Varve.Keys;

/// <summary>What opens a key slot.</summary>
public enum KeyMethod
{
    /// <summary>A password, through scrypt.</summary>
    Password,
    /// <summary>A key file.</summary>
    KeyFile,
}
