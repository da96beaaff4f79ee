using Varve.Keys;
using Varve.Model;

namespace Varve.Vault.Open;

/// <summary>
/// Tells a place where there never was a repository from one that lost it: the mount point of a disk that is not mounted, for one, which
/// must not be filled anew.
/// </summary>
internal static class LostRepository
{
    /// <summary>What is remembered of a repository that was at a place, as an error; null if nothing is.</summary>
    /// <param name="place">An absolute path.</param>
    /// <param name="options">The cache remembers.</param>
    /// <param name="keyFile">Such a file, there or not: it remembers, too.</param>
    internal static VarveException? At(string place, RepositoryOptions options, string? keyFile)
    {
        if (KnownPlaces.At(options.CacheRoot, place) is [var id, ..])
        {
            return Lost(place, $"the one that was there ({id}) is gone, or its disk is not mounted");
        }

        if (OriginOf(keyFile) is not { } origin || origin.Place != place) { return null; }
        return Lost(place, $"the one that the key file {keyFile} was made for ({origin.Repository}) is gone, or its disk is not mounted");
    }

    /// <summary>The same, or that the key file is of another place.</summary>
    internal static VarveException? Of(string place, RepositoryOptions options, string? keyFile)
    {
        if (At(place, options, keyFile) is { } lost) { return lost; }
        if (keyFile is null || !File.Exists(keyFile)) { return null; }
        return Lost(place, OriginOf(keyFile) is { } origin
            ? $"the key file {keyFile} is of the one at {origin.Place} ({origin.Repository})"
            : $"the key file {keyFile} is of one that is somewhere else or gone");
    }

    /// <summary>What a key file says of itself; null if it says nothing, is not there, or cannot be read.</summary>
    internal static KeyFileOrigin? OriginOf(string? keyFile)
    {
        if (keyFile is null || !File.Exists(keyFile)) { return null; }
        try
        {
            using KeyFile file = KeyFile.Load(keyFile);
            return file.Origin;
        }
        catch (VarveException) { return null; }
    }

    private static VarveException Lost(string place, string why) =>
        new(ErrorKind.NoRepository, Subject.Repository(place), why, Advice.MountOrCreate);
}
