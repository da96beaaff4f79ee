namespace Varve.Platform;

/// <summary>
/// An owned file descriptor as a value: no allocation, no finalizer, so whoever holds it closes it exactly once. The default value is
/// "none", not descriptor 0. Copies share the descriptor.
/// </summary>
internal readonly struct SafeFd
{
    private readonly int _plusOne;

    /// <summary>Takes over what an open call returned; a negative number gives "none".</summary>
    public SafeFd(int fd) => _plusOne = fd < 0 ? 0 : fd + 1;

    /// <summary>Whether there is a descriptor.</summary>
    public bool IsOpen => _plusOne != 0;

    /// <summary>The number, -1 for none.</summary>
    public int Value => _plusOne - 1;

    /// <summary>
    /// Closes the descriptor if there is one: 0 or an error number, which is of no use to readers, nor to writers that synced before.
    /// </summary>
    public int Close() => IsOpen ? Posix.Close(Value) : 0;
}
