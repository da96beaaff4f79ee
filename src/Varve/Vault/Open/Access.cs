using Varve.Model;

namespace Varve.Vault.Open;

/// <summary>What a key does not allow is refused here, before anything is done.</summary>
internal static class Access
{
    /// <summary>Throws WrongKey unless the key is a full one.</summary>
    internal static void RequireFull(bool isFull, string what)
    {
        if (isFull) { return; }
        throw new VarveException(ErrorKind.WrongKey, Subject.Request(what), "needs the full key; this one allows writing only",
            Advice.GiveFullKey);
    }
}
