using Varve.App.Settings.Values;

namespace Varve.App.Settings.Configuration;

/// <summary>A repository in the configuration: what <c>-r NAME</c> stands for.</summary>
internal sealed record RepositoryConfig
{
    internal required string Name { get; init; }

    /// <summary>Where it is; a path is absolute.</summary>
    internal required string Address { get; init; }

    /// <summary>What opens it; null: what opens any.</summary>
    internal CredentialSource? Credential { get; init; }

    /// <summary>The directory of its catalogs, absolute; or null.</summary>
    internal string? CacheDirectory { get; init; }

    /// <summary>The ssh that leads there; or null.</summary>
    internal string? SshCommand { get; init; }

    /// <summary>The file with the token for its server, absolute; or null.</summary>
    internal string? TokenFile { get; init; }

    /// <summary>The file that says who has signed the server's certificate, absolute; or null.</summary>
    internal string? AuthorityFile { get; init; }

    /// <summary>The file with the certificate that is shown to the server, absolute; or null.</summary>
    internal string? ClientCertificate { get; init; }

    /// <summary>How many bytes a second go there at most; or null.</summary>
    internal long? LimitUpload { get; init; }

    /// <summary>How many bytes a second come from there at most; or null.</summary>
    internal long? LimitDownload { get; init; }

    /// <summary>How long it is waited for when it cannot be reached; or null.</summary>
    internal TimeSpan? WaitForStore { get; init; }
}
