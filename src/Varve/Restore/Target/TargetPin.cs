namespace Varve.Restore.Target;

/// <summary>
/// Keeps a directory's descriptor open while a system call uses it. Short: a pinned descriptor cannot be given up for another.
/// </summary>
internal readonly ref struct TargetPin(TargetDirectory directory, int descriptor)
{
    /// <summary>Valid until Dispose.</summary>
    public int Descriptor => descriptor;

    /// <summary>Ends the use. Exactly once per successful pin.</summary>
    public void Dispose() => directory?.Unpin();
}
