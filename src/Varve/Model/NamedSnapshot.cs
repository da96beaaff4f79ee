namespace Varve.Model;

/// <summary>What tells a snapshot from others, for an error that lists some. What only the full key reads is null without it.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="History">The id of its history.</param>
/// <param name="Start">When it began.</param>
/// <param name="Source">Its source.</param>
/// <param name="Host">The host of that.</param>
/// <param name="Root">The path its tree stands for, bytes.</param>
internal sealed record NamedSnapshot(ObjectName Name, Bytes32 History, FileTime Start, string? Source, string? Host, byte[]? Root);
