using System.Collections.Concurrent;
using Varve.App.Settings.Configuration;
using Varve.Store.Lines;

namespace Varve.App.Serve.Network;

/// <summary>A client while the server runs: what he may reach, and what he takes of it. Thread-safe.</summary>
internal sealed class Served : IDisposable
{
    /// <summary>How many of his requests are worked on at once; others wait. Each may hold 4 MiB.</summary>
    internal const int AtOnce = 16;

    /// <summary>How many connections he may have at once.</summary>
    internal const int MostConnections = 100;

    private readonly Dictionary<string, StoreEndpoint> _endpoints;
    private readonly Dictionary<string, ServedStore> _stores = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _connections = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _gone = new();

    internal Served(ServerClient client, Func<string, ServedStore> store, string program, TimeProvider time, bool checksNames)
    {
        (Client, Gone) = (client, _gone.Token);
        (Upload, Download) = (RateLimit.Of(client.LimitUpload, time), RateLimit.Of(client.LimitDownload, time));
        _endpoints = client.Repositories.ToDictionary(static r => r.Key, r =>
        {
            ServedStore served = _stores[r.Key] = store(r.Key);
            return new StoreEndpoint(served, new ServeRights
            {
                Mode = r.Value, ChecksNames = checksNames, Quota = client.Quota is { } most ? new ServeQuota(most, served.Usage) : null,
            }, program);
        });
    }

    /// <summary>What the configuration says of him.</summary>
    internal ServerClient Client { get; }

    /// <summary>What is taken from him a second; null: as it comes.</summary>
    internal RateLimit? Upload { get; }

    /// <summary>What he is sent a second; null: as it goes.</summary>
    internal RateLimit? Download { get; }

    /// <summary>The turns of his requests.</summary>
    internal SemaphoreSlim Turns { get; } = new(AtOnce);

    /// <summary>Cancelled once he is no longer served as he was.</summary>
    internal CancellationToken Gone { get; }

    /// <summary>Counts a connection of his, once, until it is closed; false if he has too many.</summary>
    internal bool Has(string connection, CancellationToken closed)
    {
        if (!_connections.TryAdd(connection, true)) { return true; }
        if (_connections.Count > MostConnections)
        {
            _connections.TryRemove(connection, out _);
            return false;
        }

        closed.Register(() => _connections.TryRemove(connection, out _));
        return true;
    }

    /// <summary>Whether a configuration says the same of him, and of the repositories that he reaches.</summary>
    internal bool Is(ServerClient client, Func<string, ServedStore> store) =>
        Client.IsSame(client) && _stores.All(s => ReferenceEquals(s.Value, store(s.Key)));

    /// <summary>What answers for a repository; null if he may not reach it, or there is none.</summary>
    internal StoreEndpoint? Endpoint(string repository) => _endpoints.GetValueOrDefault(repository);

    /// <summary>Says, once, that he is no longer served as he was: his requests end, also those that begin just now.</summary>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
