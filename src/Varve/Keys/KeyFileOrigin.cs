using Varve.Model;

namespace Varve.Keys;

/// <summary>
/// What a key file's comments say of the repository that it was made for: for people, and for what they are told; nothing else rests on it.
/// </summary>
/// <param name="Repository">Its id.</param>
/// <param name="Place">Where it lay then.</param>
internal sealed record KeyFileOrigin(RepositoryId Repository, string Place)
{
    private const string Mark = "# Made for the repository ", At = " at ";

    /// <summary>The line; null if the place cannot stand in one.</summary>
    internal string? Line => Place.Any(char.IsControl) ? null : $"{Mark}{Repository}{At}{Place}";

    /// <summary>What a line says; null if it says nothing of this.</summary>
    internal static KeyFileOrigin? Parse(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith(Mark)) { return null; }
        line = line[Mark.Length..];
        int digits = 2 * RepositoryId.Size;
        bool isWhole = line.Length > digits + At.Length && line[digits..].StartsWith(At);
        return isWhole && RepositoryId.TryParse(line[..digits], out RepositoryId id)
            ? new KeyFileOrigin(id, line[(digits + At.Length)..].ToString()) : null;
    }
}
