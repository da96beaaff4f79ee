namespace Varve.Tests.Kit.Stores;

/// <summary>What <see cref="FaultStore"/> does to the operation it is armed for.</summary>
public enum Fault
{
    /// <summary>The operation throws and has done nothing.</summary>
    FailBefore,
    /// <summary>The operation is done and throws all the same, as when an answer is lost.</summary>
    FailAfter,
    /// <summary>The machine stops before the operation: it and all after it throw until <see cref="FaultStore.Restart"/>.</summary>
    CrashBefore,
    /// <summary>The machine stops when the operation is done, before its caller learns of it.</summary>
    CrashAfter,
    /// <summary>A store that breaks its promise: half of the object is put, and success reported.</summary>
    TruncatePut,
}
