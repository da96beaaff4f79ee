namespace Varve.Tests.Kit.Trees;

/// <summary>A system call of the zoo or of a judge failed.</summary>
internal sealed class ZooException(int errno, string subject) : IOException($"errno {errno} on {subject}")
{
    public int Errno { get; } = errno;
}
