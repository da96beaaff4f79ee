namespace Varve.Platform;

/// <summary>What of an entry's extended attributes could not be read; the default: nothing.</summary>
/// <param name="Errno">The error number of the first.</param>
/// <param name="First">Its name; null if the attributes could not even be listed.</param>
/// <param name="Count">How many have no value, 0 with the list.</param>
internal readonly record struct UnreadXattrs(int Errno, byte[]? First, int Count);
