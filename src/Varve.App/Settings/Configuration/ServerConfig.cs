using System.Net;

namespace Varve.App.Settings.Configuration;

/// <summary>What <c>varve serve</c> hands out to whom over the network.</summary>
internal sealed record ServerConfig
{
    /// <summary>Where it listens; null: that is said otherwise.</summary>
    internal IPEndPoint? Listen { get; init; }

    /// <summary>The file with its certificate and those that lead to its authority (PEM), absolute.</summary>
    internal required string Certificate { get; init; }

    /// <summary>The file with its private key (PEM), absolute.</summary>
    internal required string Key { get; init; }

    /// <summary>In the order of the file; names, tokens and certificates are distinct.</summary>
    internal required IReadOnlyList<ServerClient> Clients { get; init; }
}
