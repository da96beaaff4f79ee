using Varve.Model;

namespace Varve;

/// <summary>A source of a repository, with its whole history: whatever it was called and wherever it lay before.</summary>
public sealed record SourceInfo
{
    internal SourceInfo()
    {
    }

    /// <summary>Its id, 64 lower-case hexadecimal digits: made of host and root, and no name of anything.</summary>
    public string Id => Uid.ToString();

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The host it is on.</summary>
    public required string Host { get; init; }

    /// <summary>The path its tree stands for, bytes.</summary>
    public required byte[] Root { get; init; }

    /// <summary>How many snapshots it has.</summary>
    public required int Snapshots { get; init; }

    /// <summary>Its latest snapshot.</summary>
    public required ObjectName Latest { get; init; }

    /// <summary>When that began.</summary>
    public required FileTime LatestStart { get; init; }

    /// <summary>Bytes of content in that.</summary>
    public required long Bytes { get; init; }

    /// <summary>Names it had before.</summary>
    public IReadOnlyList<string> FormerNames { get; init; } = [];

    /// <summary>Hosts it was on before.</summary>
    public IReadOnlyList<string> FormerHosts { get; init; } = [];

    /// <summary>Paths its tree stood for before, bytes.</summary>
    public IReadOnlyList<byte[]> FormerRoots { get; init; } = [];

    /// <summary>Whether who recorded it last is who it says.</summary>
    internal SignatureState Signature { get; init; }

    /// <summary>Who recorded it last; null unless that is known for sure.</summary>
    internal WriterIdentity? Writer { get; init; }

    internal Bytes32 Uid { get; init; }

    /// <summary>The one that goes on with it.</summary>
    internal Lineage Lineage { get; init; }
}
