namespace Varve.App.Settings.Values;

/// <summary>A credential someone named.</summary>
/// <param name="Kind">What <paramref name="Value"/> is.</param>
/// <param name="Value">A password, path or command.</param>
/// <param name="Origin">The option or variable, for messages.</param>
internal sealed record CredentialSource(CredentialKind Kind, string Value, string Origin)
{
    /// <summary>Without the value: it may be a password.</summary>
    public override string ToString() => $"{Kind} from {Origin}";
}
