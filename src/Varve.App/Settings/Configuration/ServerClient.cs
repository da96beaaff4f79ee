namespace Varve.App.Settings.Configuration;

/// <summary>Somebody who is served. One of the hashes at least is there.</summary>
internal sealed record ServerClient
{
    /// <summary>What he is called in logs and metrics.</summary>
    internal required string Name { get; init; }

    /// <summary>SHA-256 of his token, as hexadecimal digits; or null.</summary>
    internal string? Token { get; init; }

    /// <summary>SHA-256 of his certificate (DER), in the same form; or null.</summary>
    internal string? Certificate { get; init; }

    /// <summary>What he may do with which repository: names of the configuration's repositories.</summary>
    internal required IReadOnlyDictionary<string, ServeMode> Repositories { get; init; }

    /// <summary>How many bytes a repository may have before he can put nothing more into it; null: as many as fit.</summary>
    internal long? Quota { get; init; }

    /// <summary>How many bytes a second are taken from him at most; or null.</summary>
    internal long? LimitUpload { get; init; }

    /// <summary>How many bytes a second he is sent at most; or null.</summary>
    internal long? LimitDownload { get; init; }

    /// <summary>Whether he may read the server's metrics.</summary>
    internal bool Metrics { get; init; }

    /// <summary>Whether the same is said of another.</summary>
    internal bool IsSame(ServerClient other) => this with { Repositories = other.Repositories } == other
        && Repositories.Count == other.Repositories.Count
        && Repositories.All(r => other.Repositories.TryGetValue(r.Key, out ServeMode mode) && mode == r.Value);
}
