namespace Varve.Platform;

/// <summary>Sees a system call before it happens; returns 0, or the error number that it fails with.</summary>
/// <param name="call">Which.</param>
/// <param name="descriptor">The descriptor it is for, or the directory that <paramref name="name"/> is relative to.</param>
/// <param name="name">The name as given; empty where there is none. For two names the new one.</param>
internal delegate int SystemCallObserver(SystemCall call, int descriptor, ReadOnlySpan<byte> name);
