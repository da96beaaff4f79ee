using Varve.Model;

namespace Varve.Vault.Open;

/// <summary>A key slot as users see it.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Level">What it allows.</param>
/// <param name="Method"><c>password</c> or <c>keyfile</c>.</param>
/// <param name="Label">What its maker called it.</param>
/// <param name="Created">When, RFC 3339 UTC.</param>
/// <param name="IsCurrent">Whether this session was opened with it.</param>
internal sealed record KeySlotInfo(ObjectName Name, KeyLevel Level, string Method, string Label, string Created, bool IsCurrent);
