namespace Varve.App.Settings.Values;

/// <summary>Where a credential comes from.</summary>
internal enum CredentialKind
{
    /// <summary>The value is the password.</summary>
    Password,
    /// <summary>The value is a file whose content is the password, less one line end.</summary>
    PasswordFile,
    /// <summary>The value is a shell command that prints the password.</summary>
    PasswordCommand,
    /// <summary>The value is the path of a key file.</summary>
    KeyFile,
}
