namespace Varve.Store.Wire;

/// <summary>The server refused a request.</summary>
internal sealed class SftpException(SftpStatus status, string said) : Exception(said)
{
    /// <summary>What it says by number.</summary>
    internal SftpStatus Status { get; } = status;

    /// <summary>What it says in words, or what the number means if it has none.</summary>
    internal string Said => Message.Length > 0 ? Message : Status switch
    {
        SftpStatus.NoSuchFile => "no such file",
        SftpStatus.PermissionDenied => "permission denied",
        SftpStatus.Unsupported => "not supported",
        _ => "failure",
    };
}
