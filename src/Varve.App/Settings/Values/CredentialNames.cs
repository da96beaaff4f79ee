namespace Varve.App.Settings.Values;

/// <summary>What credentials are called that systemd hands over (systemd.exec(5), LoadCredential).</summary>
internal static class CredentialNames
{
    /// <summary>The variable with their directory.</summary>
    internal const string Directory = "CREDENTIALS_DIRECTORY";

    /// <summary>A password.</summary>
    internal const string Password = "varve.password";

    /// <summary>A key file.</summary>
    internal const string Key = "varve.key";
}
